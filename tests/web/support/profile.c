// Under automation, MiniBrowser has an in-memory profile, which cannot store Blobs in IndexedDB. This library, which is
// preloaded, replaces it by a profile in the folder HUMANSYNC_PROFILE.

#include <dlfcn.h>
#include <stdlib.h>

void *webkit_website_data_manager_new_ephemeral(void) {
  void *(*make)(const char *, ...) = (void *(*)(const char *, ...))dlsym(RTLD_DEFAULT, "webkit_website_data_manager_new");
  const char *folder = getenv("HUMANSYNC_PROFILE");
  return make("base-data-directory", folder, "base-cache-directory", folder, (char *)0);
}
