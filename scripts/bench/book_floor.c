/* The order book of lakeflow.market once more, in C: what a compiler makes of the same algorithm, as a floor to measure by.
   One instrument, order records only (no aggregates), prices inside the window; the rules for foul records are kept. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define UNDEF INT64_MAX
#define UNDEF_SIZE 0xFFFFFFFFu
#define WINDOW 32768u
#define SPREAD 0x9E3779B97F4A7C15ull

typedef struct { uint64_t id; uint32_t level, size, before, behind; uint32_t pad[2]; } Order;
typedef struct { int64_t total; uint32_t count, front, back, pad; } Level;
typedef struct {
    Level levels[WINDOW];
    uint64_t bits[WINDOW / 64], summary[WINDOW / 4096];
    int64_t base, flip; /* keys: the price of a bid, the complement of an ask's; the larger is the better */
    int32_t shown;
} Ladder;
typedef struct {
    Order *orders; uint64_t *index; Ladder *ladders;
    int64_t *image, *told, *keys; /* keys: of the levels shown, the lowest number where there is none */
    uint32_t slots, used, free, live; int shift, depth, placed, changed, touched, told_any;
    int64_t tick; double inverse; uint64_t faults;
} Book;

Book *book_new(int64_t tick, uint32_t slots, int depth) {
    Book *b = calloc(1, sizeof *b);
    b->orders = calloc(slots, sizeof(Order));
    b->index = calloc(2 * (size_t)slots, 8);
    b->ladders = calloc(2, sizeof(Ladder));
    b->image = calloc(6 * depth, 8);
    b->told = calloc(6 * depth, 8);
    b->keys = malloc(2 * depth * 8);
    for (int i = 0; i < 2 * depth; i++) b->keys[i] = INT64_MIN;
    for (int i = 0; i < depth; i++) b->image[i] = b->image[3 * depth + i] = UNDEF;
    b->slots = slots; b->used = 1; b->depth = depth; b->tick = tick; b->inverse = 1.0 / tick;
    b->shift = 64 - __builtin_ctz(2 * slots);
    b->ladders[1].flip = -1;
    return b;
}

void book_free(Book *b) {
    free(b->orders); free(b->index); free(b->ladders); free(b->image); free(b->told); free(b->keys); free(b);
}

static inline uint64_t hash_of(uint64_t id) { return id * SPREAD; }

/* The slot of an order, 0 when it is not known, and the place of its entry or of the gap where that would go. */
static inline uint32_t find(Book *b, uint64_t id, uint64_t *place) {
    uint64_t h = hash_of(id), mask = 2 * (uint64_t)b->slots - 1, at = h >> b->shift;
    uint32_t slot = 0;
    for (uint64_t e; (e = b->index[at]); at = (at + 1) & mask)
        if (!((e ^ h) >> 32) && b->orders[(uint32_t)e].id == id) { slot = (uint32_t)e; break; }
    *place = at;
    return slot;
}

static inline void strike(Book *b, uint64_t hole) {
    uint64_t mask = 2 * (uint64_t)b->slots - 1;
    for (uint64_t at = (hole + 1) & mask, e; (e = b->index[at]); at = (at + 1) & mask)
        if (((at - (e >> b->shift)) & mask) >= ((at - hole) & mask)) b->index[hole] = e, hole = at;
    b->index[hole] = 0;
}

static inline uint32_t rung_of(Book *b, Ladder *l, int64_t price) {
    int64_t away = (price ^ l->flip) - l->base, rung = (int64_t)((double)away * b->inverse + 0.5);
    if (rung * b->tick != away || (uint64_t)rung >= WINDOW) abort();
    return (uint32_t)rung;
}

static inline int64_t price_of(Book *b, Ladder *l, uint32_t rung) { return (l->base + rung * b->tick) ^ l->flip; }

static uint32_t occupied_below(Ladder *l, uint32_t rung) {
    if (!rung--) return UINT32_MAX;
    uint32_t word = rung >> 6;
    uint64_t seen = l->bits[word] & (~0ull >> (63 - (rung & 63)));
    if (seen) return word << 6 | (63 - __builtin_clzll(seen));
    if (!word--) return UINT32_MAX;
    uint32_t part = word >> 6;
    seen = l->summary[part] & (~0ull >> (63 - (word & 63)));
    while (!seen) { if (!part--) return UINT32_MAX; seen = l->summary[part]; }
    word = part << 6 | (63 - __builtin_clzll(seen));
    return word << 6 | (63 - __builtin_clzll(l->bits[word]));
}

static inline int64_t *shown_of(Book *b, Ladder *l) { return b->image + (l - b->ladders) * 3 * b->depth; }

static inline int64_t *keys_of(Book *b, Ladder *l) { return b->keys + (l - b->ladders) * b->depth; }

static inline int place_of(Book *b, Ladder *l, int64_t key) {
    int64_t *keys = keys_of(b, l);
    int place = 0;
    for (int i = 0; i < b->depth; i++) place += keys[i] > key;
    return place;
}

static inline void note(Book *b, int place) { b->changed = 1; if (!place) b->touched = 1; }

static inline void put(Book *b, Ladder *l, int place, uint32_t rung) {
    int64_t *image = shown_of(b, l) + place;
    image[0] = price_of(b, l, rung);
    keys_of(b, l)[place] = l->base + rung * b->tick;
    image[b->depth] = l->levels[rung].total;
    image[2 * b->depth] = l->levels[rung].count;
}

static inline void show_size(Book *b, Ladder *l, uint32_t rung) {
    int place = place_of(b, l, l->base + rung * b->tick);
    if (place == l->shown) return;
    int64_t *image = shown_of(b, l) + place;
    image[b->depth] = l->levels[rung].total;
    image[2 * b->depth] = l->levels[rung].count;
    note(b, place);
}

static void show_level(Book *b, Ladder *l, uint32_t rung) {
    int place = place_of(b, l, l->base + rung * b->tick);
    if (place == b->depth) return;
    if (l->shown < b->depth) l->shown++;
    int64_t *image = shown_of(b, l), *keys = keys_of(b, l);
    memmove(keys + place + 1, keys + place, 8 * (l->shown - 1 - place));
    for (int f = 0; f < 3; f++, image += b->depth)
        memmove(image + place + 1, image + place, 8 * (l->shown - 1 - place));
    put(b, l, place, rung);
    note(b, place);
}

static void hide_level(Book *b, Ladder *l, uint32_t rung) {
    int place = place_of(b, l, l->base + rung * b->tick), last = l->shown - 1;
    if (place > last) return;
    int64_t *image = shown_of(b, l), *keys = keys_of(b, l);
    uint32_t next = UINT32_MAX;
    if (l->shown == b->depth) next = occupied_below(l, rung_of(b, l, image[last]));
    memmove(keys + place, keys + place + 1, 8 * (last - place));
    for (int f = 0; f < 3; f++, image += b->depth)
        memmove(image + place, image + place + 1, 8 * (last - place));
    if (next != UINT32_MAX) put(b, l, last, next);
    else {
        image = shown_of(b, l) + last;
        image[0] = UNDEF; keys[last] = INT64_MIN; image[b->depth] = image[2 * b->depth] = 0;
        l->shown = last;
    }
    note(b, place);
}

static inline void join(Book *b, Ladder *l, uint32_t rung, uint32_t slot, uint32_t size) {
    Level *level = l->levels + rung;
    Order *o = b->orders + slot;
    o->level = (uint32_t)(l - b->ladders) * WINDOW + rung; o->size = size; o->before = level->back; o->behind = 0;
    level->total += size; level->count++;
    level->back = slot;
    if (o->before) { b->orders[o->before].behind = slot; show_size(b, l, rung); return; }
    level->front = slot;
    l->bits[rung >> 6] |= 1ull << (rung & 63);
    l->summary[rung >> 12] |= 1ull << ((rung >> 6) & 63);
    show_level(b, l, rung);
}

static inline void leave(Book *b, uint32_t slot) {
    Order *o = b->orders + slot;
    Ladder *l = b->ladders + o->level / WINDOW;
    uint32_t rung = o->level % WINDOW;
    Level *level = l->levels + rung;
    if (o->before) b->orders[o->before].behind = o->behind; else level->front = o->behind;
    if (o->behind) b->orders[o->behind].before = o->before; else level->back = o->before;
    level->total -= o->size; level->count--;
    if (level->count) { show_size(b, l, rung); return; }
    if (!(l->bits[rung >> 6] &= ~(1ull << (rung & 63)))) l->summary[rung >> 12] &= ~(1ull << ((rung >> 6) & 63));
    hide_level(b, l, rung);
}

static inline void forget(Book *b, uint32_t slot, uint64_t place) {
    strike(b, place);
    b->orders[slot].behind = b->free; b->free = slot; b->live--;
}

static inline void resize(Book *b, uint32_t slot, uint32_t size) {
    Order *o = b->orders + slot;
    Ladder *l = b->ladders + o->level / WINDOW;
    l->levels[o->level % WINDOW].total += (int64_t)size - o->size;
    o->size = size;
    show_size(b, l, o->level % WINDOW);
}

static void change(Book *b, char action, char side, uint64_t id, int64_t price, uint32_t size) {
    Ladder *l = b->ladders + (side == 'A');
    if (size == UNDEF_SIZE || (action != 'C' && price == UNDEF)) { b->faults++; return; }
    if (!b->placed) {
        int64_t half = WINDOW / 2 * b->tick, grid = price / b->tick * b->tick;
        b->ladders[0].base = grid - half; b->ladders[1].base = ~grid - half; b->placed = 1;
    }
    uint64_t place;
    uint32_t slot = find(b, id, &place);
    Order *o = b->orders + slot;
    if (action == 'C') {
        if (!slot || !size) { b->faults++; return; }
        Ladder *r = b->ladders + o->level / WINDOW;
        if (r != l || price_of(b, r, o->level % WINDOW) != price || size > o->size) b->faults++;
        if (size < o->size) { resize(b, slot, o->size - size); return; }
        leave(b, slot); forget(b, slot, place);
        return;
    }
    if (!size) { b->faults++; if (slot && action == 'M') { leave(b, slot); forget(b, slot, place); } return; }
    uint32_t rung = rung_of(b, l, price);
    if (slot) {
        if (action == 'A') b->faults++;
        else if (o->level == (uint32_t)(l - b->ladders) * WINDOW + rung && size <= o->size) { resize(b, slot, size); return; }
        leave(b, slot);
    } else {
        if (action == 'M') b->faults++;
        if (b->free) { slot = b->free; b->free = b->orders[slot].behind; } else slot = b->used++;
        if (++b->live >= b->slots) abort();
        b->orders[slot].id = id;
        b->index[place] = (hash_of(id) & ~0xFFFFFFFFull) | slot;
    }
    join(b, l, rung, slot, size);
}

static inline size_t event(const uint64_t *w, int64_t number, int64_t *out) {
    out[0] = (int64_t)w[5]; out[1] = (int64_t)w[1]; out[2] = number;
    out[3] = (int64_t)(w[0] >> 16 | (w[4] >> 32 & 255) << 48);
    return 4;
}

/* Applies records of seven words; writes rows of 10 words for the touch and, where `depths` is given, of 4 + 6 x depth. */
void book_apply(Book *b, const uint64_t *words, size_t records, int64_t seen, int64_t *touches, int64_t *depths, uint64_t *rows) {
    rows[0] = rows[1] = 0;
    for (size_t n = 0; n < records; n++) {
        const uint64_t *w = words + 7 * n, last = records - 1;
        __builtin_prefetch(w + 60 * 7);
        __builtin_prefetch(b->index + (hash_of(words[7 * (n + 10 < last ? n + 10 : last) + 2]) >> b->shift));
        __builtin_prefetch(b->orders + (uint32_t)b->index[hash_of(words[7 * (n + 5 < last ? n + 5 : last) + 2]) >> b->shift]);
        char action = (char)(w[4] >> 48), side = (char)(w[4] >> 56);
        if (action == 'A' || action == 'C' || action == 'M') change(b, action, side, w[2], (int64_t)w[3], (uint32_t)w[4]);
        else if (action == 'F') { uint64_t place; b->faults += !find(b, w[2], &place); }
        else if (action == 'R' && b->live) abort(); /* a day of one session clears an empty book only */
        if (!(w[4] >> 32 & 128)) continue;
        if (b->touched || !b->told_any) {
            int64_t *out = touches + 10 * rows[0], differs = !b->told_any;
            for (int f = 0; f < 6; f++) {
                out[4 + f] = b->image[f * b->depth];
                differs |= out[4 + f] ^ b->told[f * b->depth];
                if (!depths) b->told[f * b->depth] = out[4 + f];
            }
            b->touched = 0;
            if (differs) { event(w, seen + (int64_t)n, out); rows[0]++; }
        }
        if (depths && (b->changed || !b->told_any)) {
            int64_t *out = depths + (4 + 6 * b->depth) * rows[1], differs = !b->told_any;
            for (int f = 0; f < 6 * b->depth; f++) {
                differs |= b->image[f] ^ b->told[f];
                out[4 + f] = b->told[f] = b->image[f];
            }
            b->changed = 0;
            if (differs) { event(w, seen + (int64_t)n, out); rows[1]++; }
        }
        b->told_any = 1;
    }
}
