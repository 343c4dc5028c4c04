//! One process at a time changes a folder: installs tools there, or builds the package.

use std::fs::TryLockError;
use std::path::Path;

use anyhow::Result;
use fs_err::{self as fs, File};

use crate::terminal;

/// Waits until no other process holds the lock of `folder`; makes the folder if need be. The lock is held until the
/// file is dropped; the operating system lets go of it even when the process is killed.
pub fn acquire(folder: &Path) -> Result<File> {
    fs::create_dir_all(folder)?;
    let file = File::options().create(true).append(true).open(folder.join(".xtask-lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            terminal::step("Waiting", &format!("for another cargo xtask in {}", folder.display()));
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn two_holders_of_one_folder_never_overlap() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, entered) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _lock = acquire(&folder.path().join("new")).unwrap();
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    entered.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(entered.load(Ordering::SeqCst), 8);
    }
}
