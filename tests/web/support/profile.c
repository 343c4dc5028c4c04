// MiniBrowser, when it is steered, has a profile in memory only, and such a profile takes no Blob into IndexedDB. Loaded before
// WebKit, this gives it one in the folder HUMANSYNC_PROFILE instead.

#include <dlfcn.h>
#include <stdlib.h>

void *webkit_website_data_manager_new_ephemeral(void) {
  void *(*make)(const char *, ...) = (void *(*)(const char *, ...))dlsym(RTLD_DEFAULT, "webkit_website_data_manager_new");
  const char *folder = getenv("HUMANSYNC_PROFILE");
  return make("base-data-directory", folder, "base-cache-directory", folder, (char *)0);
}
