//! Counts the bytes that each thread has in use.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local!(static USED: Cell<isize> = const { Cell::new(0) });
thread_local!(static MOST: Cell<isize> = const { Cell::new(0) });

fn add(bytes: usize) {
    // Below 0 where a thread frees what another one allocated.
    USED.set(USED.get() + bytes as isize);
    MOST.set(MOST.get().max(USED.get()));
}

fn subtract(bytes: usize) {
    USED.set(USED.get() - bytes as isize);
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        subtract(layout.size());
        unsafe { System.dealloc(pointer, layout) }
    }

    // Until the bytes have been moved, both places are in use.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(size);
        subtract(layout.size());
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes in use at once while `work` runs, apart from those in use before.
pub(crate) fn most_bytes(work: impl FnOnce()) -> isize {
    let before = USED.get();
    MOST.set(before);
    work();
    MOST.get() - before
}
