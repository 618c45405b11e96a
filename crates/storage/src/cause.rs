//! What a unit of work is done for: a number that the caller chooses, such as that of the request which it answers. A
//! unit runs on the writer's thread, far from its caller; the number comes along, so that what the unit tells of can be
//! traced back.

tokio::task_local! {
    static CAUSE: u64;
}

/// Runs `work`; the units that it writes carry the number: [`Tx::cause`](crate::Tx::cause).
pub async fn caused_by<F: Future>(cause: u64, work: F) -> F::Output {
    CAUSE.scope(cause, work).await
}

/// The number that [`caused_by`] set around the caller; 0: none.
pub fn cause() -> u64 {
    CAUSE.try_with(|cause| *cause).unwrap_or(0)
}
