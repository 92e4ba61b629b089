import fc from 'fast-check';

/**
 * Every property is tried with the same values in every run, so that a run that fails fails again, and one that has
 * nothing to do with a change does not. `npm run test:fuzz` looks elsewhere.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FUZZ_SEED ?? 20230630) });
