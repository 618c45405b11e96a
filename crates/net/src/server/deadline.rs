//! The deadlines that belong to what a connection is waiting for.
//!
//! hyper's own header timeout also runs while a connection rests between two requests, so that it would have to be both
//! the (short) time for a header and the (long) time for keep-alive; and it makes a timer per request. Here the timer is
//! set anew only when it would ring too late.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::Limits;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing of the next request has come.
    Idle = 0,
    /// A part of a request's header has come, or the connection is new.
    Header = 1,
    /// A request is being answered: how long that may take is the business of whoever answers it.
    Busy = 2,
}

/// How far a connection has come, told by its stream and its requests. All of them live in one task.
#[derive(Clone, Debug)]
pub(super) struct Progress(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    /// The phase in the lowest two bits, and above them how often it was set: two headers in a row are two phases.
    phase: AtomicU64,
    /// Odd while a write waits because the peer takes nothing.
    stall: AtomicU64,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self(Arc::new(Counters { phase: AtomicU64::new(Phase::Header as u64), stall: AtomicU64::new(0) }))
    }
    pub(super) fn set(&self, phase: Phase) {
        let before = self.0.phase.load(Ordering::Relaxed);
        self.0.phase.store((before | 3) + 1 + phase as u64, Ordering::Relaxed);
    }
    fn phase(&self) -> Phase {
        match self.0.phase.load(Ordering::Relaxed) & 3 {
            0 => Phase::Idle,
            1 => Phase::Header,
            _ => Phase::Busy,
        }
    }
    fn set_stalled(&self, stalled: bool) {
        let before = self.0.stall.load(Ordering::Relaxed);
        if stalled != is_odd(before) {
            self.0.stall.store(before + 1, Ordering::Relaxed);
        }
    }
}

fn is_odd(number: u64) -> bool {
    number & 1 == 1
}

/// When something must have changed: an instant that is made anew whenever the number that it watches changes.
#[derive(Default)]
struct Watch {
    seen: Option<u64>,
    until: Option<Instant>,
}

impl Watch {
    fn look(&mut self, number: u64, time: impl FnOnce() -> Option<Duration>) -> Option<Instant> {
        if self.seen != Some(number) {
            self.seen = Some(number);
            self.until = time().map(|time| Instant::now() + time);
        }
        self.until
    }
}

/// The time that a connection has for what it is doing.
pub(super) struct Deadline {
    progress: Progress,
    phase: Watch,
    stall: Watch,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    pub(super) fn new(progress: Progress) -> Self {
        Self { progress, phase: Watch::default(), stall: Watch::default(), timer: None }
    }

    /// Ready once the time is over. To be polled after each poll of the connection that left it waiting.
    pub(super) fn poll(&mut self, limits: &Limits, context: &mut Context<'_>) -> Poll<()> {
        let counters = &self.progress.0;
        let phase = self.phase.look(counters.phase.load(Ordering::Relaxed), || match self.progress.phase() {
            Phase::Idle => Some(limits.idle_timeout),
            Phase::Header => Some(limits.header_timeout),
            Phase::Busy => None,
        });
        let stall = counters.stall.load(Ordering::Relaxed);
        let stall = self.stall.look(stall, || is_odd(stall).then_some(limits.idle_timeout));
        let Some(until) = [phase, stall].into_iter().flatten().min() else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if timer.deadline() > until {
            timer.as_mut().reset(until);
        }
        while timer.as_mut().poll(context).is_ready() {
            if Instant::now() >= until {
                return Poll::Ready(());
            }
            // It was set for something earlier, which has come to pass.
            timer.as_mut().reset(until);
        }
        Poll::Pending
    }
}

/// A stream that tells its connection's progress.
pub(super) struct ToldStream {
    stream: TcpStream,
    progress: Progress,
}

impl ToldStream {
    pub(super) fn new(stream: TcpStream, progress: Progress) -> Self {
        Self { stream, progress }
    }
}

impl AsyncRead for ToldStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before && self.progress.phase() == Phase::Idle {
            self.progress.set(Phase::Header);
        }
        result
    }
}

impl AsyncWrite for ToldStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.progress.set_stalled(result.is_pending());
        result
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.progress.set_stalled(result.is_pending());
        result
    }
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
