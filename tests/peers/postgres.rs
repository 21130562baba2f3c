//! PostgreSQL with `clientcert=verify-ca`, and psql with `sslmode=verify-full`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    commons::{Account, Commons, can_switch_users, set_owner},
    peer::{
        Reply, Server,
        Verdict::{LetIn, Refused},
        ask_words, each_kind, free_port, have, skip, wait_until,
    },
    sandbox::{Run, Sandbox},
};

#[test]
fn postgresql_lets_the_client_pair_in_and_psql_knows_the_server() {
    let (true, Some(cluster)) = (have(&["psql"]), Cluster::new()) else { return };
    each_kind(|set| {
        let postgres = cluster.start(set);
        wait_until("PostgreSQL has started", || {
            !psql(set, &postgres, None, "localhost").text.contains("starting up")
        });

        postgres.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (Some("client"), "127.0.0.1", LetIn),
                (None, "localhost", Refused("connection requires a valid client certificate")),
                (Some("server"), "localhost", Refused("certificate verify failed")),
                (Some("client"), "wrong.example", Refused("does not match host name")),
            ],
            |pair, name| psql(set, &postgres, pair, name),
        );
    });
}

/// PostgreSQL reads a key of its own user, or one of root's that its group may read at most.
#[test]
fn postgresql_reads_an_exported_key_as_its_own_user() {
    let (true, Some(cluster)) = (have(&["psql"]), Cluster::new()) else { return };
    let set = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let dir = cluster.commons.path("tls");
    let export = format!("export server --to {}", dir.display());

    // Root's, and nobody else's.
    set.certctl(&export).code(0);
    Run::of(&mut cluster.command(&dir, "server", free_port()))
        .code(1)
        .stderr_has("Permission denied");

    set.certctl(&format!("{export} --group postgres")).code(0);
    let postgres = Server::start_command(&set, |port| cluster.command(&dir, "server", port));
    wait_until("PostgreSQL has started", || {
        psql(&set, &postgres, Some("client"), "localhost").content
    });

    // A mode that PostgreSQL would not take cannot be had.
    set.certctl(&format!("{export} --mode 0660")).code(2).stderr_has("0600, 0640");
}

/// A database of its own, which wants client certificates. It does not run as root.
pub struct Cluster {
    commons: Commons,
    account: Account,
    program: PathBuf,
}

impl Cluster {
    pub fn new() -> Option<Self> {
        let (true, Some(initdb), Some(program)) =
            (can_switch_users(), program("initdb"), program("postgres"))
        else {
            return None;
        };
        let account = account("postgres")?;
        let cluster = Self { commons: Commons::new(), account, program };
        let data = cluster.data();
        fs::create_dir(&data).unwrap();
        set_owner(&data, account, 0o700);
        let mut make = cluster.commons.command(account, &initdb);
        Run::of(make.args(["-N", "-A", "trust", "-U", "certctl", "-D"]).arg(&data)).code(0);
        fs::write(
            data.join("pg_hba.conf"),
            "hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n",
        )
        .unwrap();
        Some(cluster)
    }

    pub fn data(&self) -> PathBuf {
        self.commons.path("db")
    }

    /// Gives it the sandbox's server pair, as it is now.
    pub fn take(&self, set: &Sandbox) {
        for (file, mode) in [("server.pem", 0o644), ("server.key", 0o600), ("ca.pem", 0o644)] {
            self.commons.take(set, file, self.account, mode);
        }
    }

    pub fn start(&self, set: &Sandbox) -> Server {
        self.take(set);
        Server::start_command(set, |port| self.command(&self.commons.path(""), "server", port))
    }

    /// The server as its user, with a pair of a directory.
    pub fn command(&self, dir: &Path, pair: &str, port: u16) -> Command {
        let mut command = self.commons.command(self.account, &self.program);
        command.arg("-D").arg(self.data());
        for setting in [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".into(),
            "unix_socket_directories=".into(),
            "fsync=off".into(),
            "ssl=on".into(),
            format!("ssl_cert_file={}", dir.join(format!("{pair}.pem")).display()),
            format!("ssl_key_file={}", dir.join(format!("{pair}.key")).display()),
            format!("ssl_ca_file={}", dir.join("ca.pem").display()),
        ] {
            command.args(["-c", &setting]);
        }
        command
    }
}

fn psql(sandbox: &Sandbox, server: &Server, pair: Option<&str>, name: &str) -> Reply {
    let pair = pair.unwrap_or("none");
    let target = format!(
        "host={name} hostaddr=127.0.0.1 port={} user=certctl dbname=postgres sslmode=verify-full \
         sslrootcert=ca.pem sslcert={pair}.pem sslkey={pair}.key",
        server.port
    );
    let asked = "select 'version ' || version from pg_stat_ssl where pid = pg_backend_pid()";
    ask_words(sandbox, &["psql", "-XAt", &target, "-c", asked], "").if_says("version TLSv1.3")
}

/// Debian keeps them out of the PATH.
fn program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin").join(name))
        .filter(|program| program.is_file())
        .collect();
    found.sort();
    if found.is_empty() && have(&[name]) {
        return Some(name.into());
    }
    found.pop()
}

pub fn account(name: &str) -> Option<Account> {
    let id = |flag| {
        let output = Command::new("id").args([flag, name]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().ok()
    };
    let account = id("-u").zip(id("-g")).map(|(uid, gid)| Account { uid, gid });
    if account.is_some() || skip(&format!("user {name}")) { account } else { None }
}
