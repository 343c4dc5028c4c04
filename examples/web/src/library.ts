// The library, loaded when it is first needed: the page is there before it. It comes in parts; the page reads (reader.ts), its Worker
// sends (send/sender.ts), and neither loads what only the other needs.

interface Part {
  init(): Promise<void>;
}

/** What `load` gives, ready for use. All who ask share one load; after a failure the next one tries again. */
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
