//! Faults on the way of a request.

use super::answer::Reply;
use super::{GraphRequest, caller, dispatch};
use crate::Platform;
use crate::faults::requests::{Seen, Struck};
use crate::send_api::private_reply;
use graph_api::Version;
use std::sync::Arc;

/// Answers a request, with what the faults do to it: at most one of them strikes. One that strikes before does so
/// whatever the request is; one that strikes after needs a request that succeeded.
pub(super) async fn dispatch(platform: &Arc<Platform>, request: &GraphRequest) -> Reply {
    let token = caller::token(request);
    let root = dispatch::root(request);
    let host = caller::host(request, token.as_deref(), root.as_deref());
    let known = caller::resolve(platform, request, host, token.as_deref()).await.ok();
    let version = request.version.ok().flatten();
    let seen = Seen {
        verb: dispatch::verb(request).ok(),
        version,
        segments: &request.segments,
        host,
        caller: known.as_deref(),
        now: platform.clock.now(),
    };
    if let Some(struck) = platform.faults.of_request(&seen, false) {
        let reply = if struck.error.is_some() || struck.is_lost {
            let mut reply = Reply::new(host, version.unwrap_or(Version::LATEST).served());
            reply.is_flat = dispatch::is_flat(host, root.as_deref());
            if let Some(known) = &known {
                reply.usage_of(known);
            }
            reply
        } else {
            dispatch::serve(platform, request).await
        };
        return answer(platform, request, reply, struck).await;
    }
    let reply = dispatch::serve(platform, request).await;
    if reply.error.is_none()
        && let Some(struck) = platform.faults.of_request(&seen, true)
    {
        let is_broken = struck.error.as_ref().is_some_and(|(_, error)| error.status >= 500);
        if is_broken || struck.is_lost {
            let who = (known.as_deref(), reply.operation);
            private_reply::answer_was_lost(platform, who, &request.params.0).await;
        }
        return answer(platform, request, reply, struck).await;
    }
    reply
}

async fn answer(platform: &Platform, request: &GraphRequest, mut reply: Reply, struck: Struck) -> Reply {
    struck.wait(platform).await;
    if let Some((name, error)) = struck.error {
        reply.error = name;
        reply = reply.refused(error, request.trace_id.as_str());
    }
    reply.is_lost = struck.is_lost;
    reply.fault = Some(struck.did);
    reply
}
