//! graph-api
