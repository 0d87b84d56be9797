"""What must be true of tables beside what their contracts say: functions of frames that give the rows that break it."""
