import manifest from '../package.json' with { type: 'json' };

/** Of this program, as in its `package.json`. */
export const version: string = manifest.version;
