// Loads the library when it is first needed, so that the page is shown before. The page uses the entry that reads
// (reader.ts) and its Worker the one that sends (send/sender.ts), so that neither loads code that only the other needs.

interface Part {
  init(): Promise<void>;
}

/** Returns a function that loads and initializes an entry once. After a failure, the next call tries again. */
export function once<P extends Part>(load: () => Promise<P>): () => Promise<P> {
  let loading: Promise<P> | undefined;
  const ready = async (): Promise<P> => {
    const part = await load();
    await part.init();
    return part;
  };
  return () =>
    (loading ??= ready().catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
}
