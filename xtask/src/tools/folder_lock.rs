//! One process at a time changes a folder: installs tools there, or builds the package.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::{Context, Result};

use crate::terminal;

/// Held while the folder is changed; the operating system lets go of it even when the process is killed.
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Waits until no other process holds the lock of `folder`; makes the folder if need be.
    pub fn acquire(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let path = folder.join(".xtask-lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                terminal::step("Waiting", &format!("for another cargo xtask in {}", folder.display()));
                file.lock().with_context(|| format!("{} cannot be locked", path.display()))?;
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
            }
        }
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn two_holders_of_one_folder_never_overlap() {
        let folder = std::env::temp_dir().join(format!("humansync-folder-lock-{}", std::process::id()));
        let inside = AtomicUsize::new(0);
        let entered = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _lock = FolderLock::acquire(&folder).unwrap();
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    entered.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(entered.load(Ordering::SeqCst), 8);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
