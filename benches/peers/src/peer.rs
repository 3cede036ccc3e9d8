//! What every peer is asked, in its own way.

use crate::rows::Rows;
use std::pin::pin;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

pub trait Peer: Sized {
    const NAME: &'static str;
    /// What is not comparable.
    const APART: &'static str;
    /// How many checks at a time one can wait for.
    const BEARS: usize;
    /// A question, made beforehand as far as the peer lets one.
    type Request;

    fn load(rows: &Rows) -> Self;

    fn request(&self, rows: &Rows, user: u32, duty: u16) -> Self::Request;

    fn allows(&mut self, request: &Self::Request) -> bool;

    /// Grants a duty, so that the next check sees it.
    fn grant(&mut self, rows: &Rows, user: u32, duty: u16);
}

/// The value of a future that never waits.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing is read from outside"),
    }
}
