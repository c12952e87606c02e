/** A build failure with a cause in the sources: `message` is one line. */
export class BuildError extends Error {}
