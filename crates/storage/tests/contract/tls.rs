//! Encrypted connections. The TLS end is a proxy before the server, so that the server needs no certificate.
//!
//! The certificates were made for these tests, for the name `localhost`; the authority's key was thrown away.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use storage::{Error, PostgresOptions, Result, Tls};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use test_postgres::{Proxy, Schema, blocking};

use crate::world::{TABLES, World, add_thing, clock, connect};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/certificates").join(name)
}

fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(file("server.pem")).unwrap().map(|c| c.unwrap()).collect();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn options(tls: Tls, root_cert: Option<PathBuf>) -> PostgresOptions {
    PostgresOptions { connections: 2, readers: 1, tls, root_cert, ..PostgresOptions::default() }
}

/// Connects to that host through the proxy.
async fn through(
    proxy: &Proxy,
    schema: Schema,
    host: &str,
    options: PostgresOptions,
) -> (Result<World>, Schema) {
    let (url, clock) = (schema.url_at(host, proxy.port), clock());
    let world = blocking(move || {
        let db = connect(&url, &clock, options)?;
        db.migrate(&[TABLES])?;
        Ok(World { db, clock, folder: None, schema: None })
    });
    (world.await, schema)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_connection_works_and_the_server_must_prove_its_name() {
    let Some(schema) = Schema::new() else { return };
    let proxy = Proxy::start(&schema, Some(acceptor())).await;
    let ours = || Some(file("authority.pem"));

    let (world, schema) = through(&proxy, schema, "localhost", options(Tls::Require, ours())).await;
    let world = world.unwrap();
    add_thing(&world.db, 1).await.unwrap();
    assert_eq!(world.things().await, [1]);
    world.db.close().await.unwrap();

    for (host, root) in [("127.0.0.1", ours()), ("localhost", Some(file("server.key"))), ("localhost", None)]
    {
        let (refused, _) = through(&proxy, Schema::new().unwrap(), host, options(Tls::Require, root)).await;
        assert!(matches!(refused.err(), Some(Error::Unreachable { .. })), "{host}");
    }
    drop(schema);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_refused_where_tls_is_required() {
    let Some(schema) = Schema::new() else { return };
    if schema.ask("SHOW ssl") != ["off"] {
        return;
    }
    let url = format!("{}&sslmode=require", schema.url());
    let options = options(Tls::Url, Some(file("authority.pem")));
    let refused = blocking(move || connect(&url, &clock(), options)).await;
    assert!(matches!(refused, Err(Error::Unreachable { .. })), "{refused:?}");
}
