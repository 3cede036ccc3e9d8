//! Decides who may do what, until when and why.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
