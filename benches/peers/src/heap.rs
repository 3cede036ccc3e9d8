//! How much of the heap a value holds, by one yardstick for all.
//!
//! Allocators that count always would slow those who allocate at each check; this one counts only while it is asked.

use std::alloc::GlobalAlloc;
use std::alloc::Layout;
use std::alloc::System;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

static COUNTS: AtomicBool = AtomicBool::new(false);
static HELD: AtomicUsize = AtomicUsize::new(0);

/// What `make` makes, and how many bytes more are asked for afterwards than before.
pub fn held<T>(make: impl FnOnce() -> T) -> (T, usize) {
    HELD.store(0, Relaxed);
    COUNTS.store(true, Relaxed);
    let made = make();
    COUNTS.store(false, Relaxed);
    (made, HELD.load(Relaxed))
}

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

fn count(taken: usize, given_back: usize) {
    if COUNTS.load(Relaxed) {
        HELD.fetch_add(taken.wrapping_sub(given_back), Relaxed);
    }
}

#[allow(
    unsafe_code,
    reason = "an allocator is unsafe by nature; this one only passes on what it is asked"
)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        unsafe { System.dealloc(at, layout) }
    }
}
