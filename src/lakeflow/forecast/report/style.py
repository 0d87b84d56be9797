"""How the page looks: colours for light and dark, tables that scroll by themselves, diagrams that fit any width."""

STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b1b1f, #ececf1); --dim: light-dark(#5f5f6a, #a9a9b6); --paper: light-dark(#fff, #16161a);
  --line: light-dark(#d9d9e0, #34343c); --curve: light-dark(#b3261e, #ff8a80); --band: light-dark(#4a6fa533, #8ab4f833); --doubt: light-dark(#b3261e22, #ff8a8022); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h1, h2 { line-height: 1.2; text-wrap: balance; } .day { white-space: nowrap; } .dim, figcaption { color: var(--dim); } p { max-width: 60rem; }
.barred { border: 2px solid var(--curve); padding: .75rem 1rem; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .8rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .4rem; border-bottom: 1px solid var(--line); text-align: right; } td { white-space: nowrap; } th { vertical-align: bottom; }
.words { text-align: left; } th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); } .end { color: var(--dim); padding-left: .1rem; }
.diagrams { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; } figure { margin: 0; max-width: 34rem; } svg { width: 100%; height: auto; }
svg text { fill: var(--dim); font-size: 13px; } .frame { fill: none; stroke: var(--line); } .even { stroke: var(--dim); stroke-dasharray: 4 4; } .share { fill: var(--line); }
.curve { fill: none; stroke: var(--curve); stroke-width: 2; } .band { fill: var(--band); } .doubt { fill: var(--doubt); } .bin { fill: var(--ink); } .whisker { stroke: var(--ink); }
"""
