// The library, loaded when it is first needed: the page is there before it.

type Library = typeof import("humansync/slim");

let loading: Promise<Library> | undefined;

export function library(): Promise<Library> {
  return (loading ??= load().catch((error: unknown) => {
    // The next one tries again.
    loading = undefined;
    throw error;
  }));
}

async function load(): Promise<Library> {
  const loaded = await import("humansync/slim");
  await loaded.init();
  return loaded;
}
