import { configureGlobal } from 'fast-check';

// One seed for each test file: a property that is tried again sees the same examples, and what failed it fails again.
configureGlobal({ seed: Math.floor(Math.random() * 2 ** 31) });
