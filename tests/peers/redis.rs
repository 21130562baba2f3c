//! Redis with `tls-auth-clients yes`, and redis-cli.

use std::{path::Path, process::Command};

use crate::{
    commons::{Account, Commons},
    peer::{
        Reply, Server,
        Verdict::{LetIn, Refused},
        ask, each_kind, have, run, wait_until,
    },
    sandbox::Sandbox,
};

#[test]
fn redis_lets_the_client_pair_in_and_nobody_else() {
    if !have(&["redis-server", "redis-cli"]) {
        return;
    }
    each_kind(|set| {
        let mutual = serve(set, "server", "yes");
        mutual.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (None, "localhost", Refused("peer did not return a certificate")),
                (Some("server"), "localhost", Refused("certificate verify failed")),
            ],
            |pair, _| command(set, &mutual, pair, "PING").if_says("PONG"),
        );

        let one_way = serve(set, "server", "no");
        one_way.judge(&[(None, "localhost", LetIn)], |pair, _| {
            command(set, &one_way, pair, "PING").if_says("PONG")
        });

        let posing = serve(set, "client", "no");
        posing.judge(&[(None, "localhost", Refused("certificate verify failed"))], |pair, _| {
            command(set, &posing, pair, "PING").if_says("PONG")
        });
    });
}

#[test]
fn redis_takes_the_renewed_pair_while_it_runs() {
    if !have(&["redis-server", "redis-cli", "openssl"]) {
        return;
    }
    each_kind(|set| {
        let redis = serve(set, "server", "yes");
        let served = || {
            let line = format!(
                "openssl s_client -connect 127.0.0.1:{} -CAfile ca.pem \
                 -cert client.pem -key client.key",
                redis.port
            );
            ask(set, &line, "QUIT\r\n").text
        };
        let serial = || run(set, "openssl x509 -noout -serial -in server.pem").stdout();
        let (before, old) = (served(), serial());

        set.certctl("renew").code(0);
        let reply = command(
            set,
            &redis,
            Some("client"),
            "CONFIG SET tls-cert-file server.pem tls-key-file server.key",
        );

        assert!(reply.content && reply.text.contains("OK"), "{}", reply.text);
        let (after, new) = (served(), serial());
        let shown = |text: &str| {
            set.write("served.pem", text);
            run(set, "openssl x509 -noout -serial -in served.pem").stdout()
        };
        assert_ne!(old, new);
        assert_eq!((shown(&before), shown(&after)), (old, new));
        assert!(command(set, &redis, Some("client"), "PING").text.contains("PONG"));
    });
}

/// A peer is server and client in one: what replication, Sentinel and the cluster bus dial out with.
#[test]
fn a_replica_follows_its_master_with_the_pair_of_a_peer() {
    if !have(&["redis-server", "redis-cli"]) {
        return;
    }
    each_kind(|set| {
        set.certctl("issue redis localhost 127.0.0.1 --usage peer").code(0);
        let master = serve(set, "redis", "yes");
        let replica = serve(set, "redis", "yes");

        for setting in ["CONFIG SET tls-replication yes", "REPLICAOF 127.0.0.1"] {
            let port = if setting.starts_with("REPLICAOF") {
                master.port.to_string()
            } else {
                String::new()
            };
            let reply = command(set, &replica, Some("client"), &format!("{setting} {port}"));
            assert!(reply.text.contains("OK"), "{setting}: {}", reply.text);
        }

        wait_until("the replica is in step", || {
            let reply = command(set, &replica, Some("client"), "INFO replication");
            reply.text.contains("master_link_status:up")
        });
    });
}

pub fn serve(sandbox: &Sandbox, pair: &str, clients: &str) -> Server {
    Server::start(sandbox, |port| {
        format!(
            "redis-server --bind 127.0.0.1 --port 0 --tls-port {port} --tls-auth-clients {clients} \
             --tls-cert-file {pair}.pem --tls-key-file {pair}.key --tls-ca-cert-file ca.pem \
             --loglevel verbose --dbfilename redis-{port}.rdb --repl-diskless-sync-delay 0"
        )
    })
}

/// redis-server as its user, with a pair of a directory.
pub fn of_user(commons: &Commons, user: Account, dir: &Path, pair: &str, port: u16) -> Command {
    let mut command = commons.command(user, Path::new("redis-server"));
    let file = |name: &str| dir.join(name).display().to_string();
    command.args(["--bind", "127.0.0.1", "--port", "0", "--tls-port", &port.to_string()]);
    command.args(["--tls-cert-file", &file(&format!("{pair}.pem"))]);
    command.args(["--tls-key-file", &file(&format!("{pair}.key"))]);
    command.args(["--tls-ca-cert-file", &file("ca.pem"), "--save", "", "--loglevel", "verbose"]);
    command
}

pub fn command(sandbox: &Sandbox, server: &Server, pair: Option<&str>, words: &str) -> Reply {
    let pair = pair.map(|pair| format!("--cert {pair}.pem --key {pair}.key"));
    let line = format!(
        "redis-cli -h 127.0.0.1 -p {} --tls --cacert ca.pem {} {words}",
        server.port,
        pair.unwrap_or_default()
    );
    ask(sandbox, &line, "")
}
