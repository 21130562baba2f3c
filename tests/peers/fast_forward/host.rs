//! The host: a PKI that belongs to root, the crontab, and the nights.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

use time::{Duration, OffsetDateTime, macros::datetime, macros::format_description};

use super::{
    probe,
    services::{self, Service},
};
use crate::{
    commons::{Account, Commons, can_switch_users, set_owner},
    peer::{have, wait_until},
    sandbox::{Run, Sandbox},
};

/// When `cron` starts the first night.
const BEGIN: OffsetDateTime = datetime!(2027-03-01 04:17 UTC);

/// Days left at which a leaf is due, and the CA: more than the longest lifetime of a leaf.
pub const WINDOW: i64 = 30;
pub const CA_WINDOW: i64 = 120;
pub const CA_DAYS: i64 = 300;

/// openssl checks what is served on the nights of a renewal, and on each of these.
const OPENSSL_EVERY: i64 = 10;

/// Stops its services before their files are removed: fields are dropped in this order.
pub struct Host {
    pub services: Vec<Service>,
    pub ca_renewals: i64,
    ca: Vec<u8>,
    logs: Sandbox,
    home: Commons,
}

impl Host {
    /// A CA, a pair for each service that is installed, and the services.
    pub fn new() -> Option<Self> {
        if !can_switch_users() || !have(&["faketime", "openssl"]) {
            return None;
        }
        let home = Commons::new();
        for folder in ["pki", "bin", "run"] {
            fs::create_dir(home.path(folder)).unwrap();
        }
        set_owner(&home.path("pki"), Account { uid: 0, gid: 0 }, 0o700);
        let services = services::installed(&home);
        let mut host =
            Self { services, ca_renewals: 0, ca: Vec::new(), logs: Sandbox::new(), home };
        host.write_programs();
        host.write_plan();

        // An hour earlier, so that each first renewal is due when `cron` runs, however slow this is.
        let evening = BEGIN - Duration::HOUR;
        let make = format!("certctl -q gen --cn localhost --ca-cn 'Host CA' --ca-days {CA_DAYS}");
        Run::of(&mut host.shell(evening, &make)).code(0);
        Run::of(&mut host.shell(evening, &host.exports())).code(0);
        host.ca = host.read("pki/ca.pem");
        for at in 0..host.services.len() {
            host.services[at].kept = probe::first(&host.read(&host.services[at].file()));
            host.start(host.services[at].name);
        }
        Some(host)
    }

    /// `cron`, and then a client for each service. The hooks of `failing` must fail, and no other.
    pub fn pass_night(&mut self, day: i64, failing: &[&str]) {
        let now = BEGIN + Duration::days(day);
        let run = self.cron(now);
        let codes: BTreeMap<String, i32> = run
            .stdout()
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, code)| (name.to_owned(), code.parse().unwrap()))
            .collect();
        let night = format!("night {day}");
        assert_eq!(codes["ca"], 0, "{night}: {}", run.stderr());
        let ca = self.read("pki/ca.pem");
        let changed = ca != self.ca;
        self.ca_renewals += i64::from(changed);
        self.ca = ca;
        assert!(probe::not_after(&probe::first(&self.ca)) > now, "{night}: the CA has expired");

        for at in 0..self.services.len() {
            let kept = probe::first(&self.read(&self.services[at].file()));
            let ca = self.home.path(&format!("{}/ca.pem", self.services[at].name));
            let service = &mut self.services[at];
            let shown = format!("{night}, {}", service.name);
            let fails = failing.contains(&service.name);
            let code = codes[service.name];
            assert_eq!(code, i32::from(fails), "{shown}: exit code\n{}", run.stderr());
            service.counts.nights += 1;
            service.counts.failures += i64::from(fails);
            let renewed = kept != service.kept;
            service.counts.renewals += i64::from(renewed);
            service.kept = kept;
            if service.server.is_some() {
                let again = renewed || changed || day % OPENSSL_EVERY == 0;
                let openssl = again.then_some(&self.logs);
                check_served(service, &ca, now, openssl, fails, &shown);
            }
            if !fails {
                assert_eq!(fs::read(&ca).unwrap(), self.ca, "{shown}: its ca.pem");
                service.counts.recoveries += i64::from(service.pending);
            }
            service.pending = fails;
        }
    }

    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    pub fn stop(&mut self, name: &str) {
        let service = self.services.iter_mut().find(|service| service.name == name);
        if service.and_then(|service| service.server.take()).is_some() {
            fs::remove_file(self.home.path(&format!("run/{name}.pid"))).unwrap();
        }
    }

    pub fn start(&mut self, name: &str) {
        let pid = self.home.path(&format!("run/{name}.pid"));
        if let Some(service) = self.services.iter_mut().find(|service| service.name == name) {
            let server = service.start(&self.logs);
            fs::write(pid, server.pid().to_string()).unwrap();
            service.server = Some(server);
        }
    }

    /// As after a mistake in an editor: nginx refuses to read its configuration again.
    pub fn break_nginx(&self) {
        let file = self.home.path("nginx-home/nginx.conf");
        fs::write(&file, fs::read_to_string(&file).unwrap() + "}").unwrap();
    }

    pub fn repair_nginx(&self) {
        let file = self.home.path("nginx-home/nginx.conf");
        let broken = fs::read_to_string(&file).unwrap();
        fs::write(&file, broken.strip_suffix('}').unwrap()).unwrap();
    }

    pub fn print_counts(&self) {
        println!("ca: {} renewals", self.ca_renewals);
        for service in &self.services {
            println!("{}: {}", service.name, service.counts);
        }
    }

    /// The CA first; the other lines at once, as `cron` starts lines of one minute.
    fn cron(&self, now: OffsetDateTime) -> Run {
        let mut script = String::new();
        let run =
            |name: &str, line: &str, end: &str| format!("(\n{line}\necho {name} $?\n){end}\n");
        script += &run("ca", &self.ca_line(), "");
        for service in &self.services {
            script += &run(service.name, &self.line(service), " &");
        }
        script += "wait\n";
        Run::of(&mut self.shell(now, &script))
    }

    /// The line of README.md under "Export".
    fn line(&self, service: &Service) -> String {
        let pki = self.home.path("pki").display().to_string();
        let name = service.name;
        format!(
            "certctl -d {pki} -q renew {name} --expires-within {WINDOW}d \\\n  \
             --exec \"sh -c '{} && systemctl restart {name}'\"",
            self.export(service)
        )
    }

    fn ca_line(&self) -> String {
        let pki = self.home.path("pki").display().to_string();
        format!("certctl -d {pki} -q renew ca --expires-within {CA_WINDOW}d --exec export-all")
    }

    fn export(&self, service: &Service) -> String {
        let [pki, to] = ["pki", service.name].map(|it| self.home.path(it).display().to_string());
        format!("certctl -d {pki} -q export {} --to {to} --group {}", service.name, service.group)
    }

    fn exports(&self) -> String {
        self.services.iter().fold("set -e\n".to_owned(), |mut script, service| {
            let _ = writeln!(script, "{}", self.export(service));
            script
        })
    }

    /// `certctl`, `systemctl` that knows how each service is reloaded, and the hook of the CA.
    fn write_programs(&self) {
        symlink(env!("CARGO_BIN_EXE_certctl"), self.home.path("bin/certctl")).unwrap();
        // As a service started by systemd: with faketime, redis-cli sometimes blocks before `main`.
        let mut systemctl = "#!/bin/sh\nunset LD_PRELOAD\ncase \"$2\" in\n".to_owned();
        let mut all = format!("#!/bin/sh\n{}", self.exports());
        for service in &self.services {
            let _ = writeln!(systemctl, "{}) {} ;;", service.name, service.reload);
            let _ = writeln!(all, "systemctl restart {}", service.name);
        }
        systemctl += "*) exit 5 ;;\nesac\n";
        for (program, text) in [("systemctl", systemctl), ("export-all", all)] {
            let path = self.home.path("bin").join(program);
            fs::write(&path, text).unwrap();
            set_owner(&path, Account { uid: 0, gid: 0 }, 0o755);
        }
    }

    fn write_plan(&self) {
        let plan = self.services.iter().fold(String::new(), |mut plan, service| {
            let Service { name, days, key_type, .. } = service;
            let _ = writeln!(
                plan,
                "[[certificate]]\nname = \"{name}\"\nsan = [\"localhost\"]\ndays = {days}\n\
                 key_type = \"{key_type}\""
            );
            plan
        });
        fs::write(self.home.path("pki/certctl.toml"), plan).unwrap();
    }

    /// A shell with the environment of `cron`, at another time, which passes.
    fn shell(&self, now: OffsetDateTime, script: &str) -> Command {
        let format = format_description!("@[year]-[month]-[day] [hour]:[minute]:[second]");
        // A shell that hangs ends with all that it started.
        let mut command = Command::new("timeout");
        command.args(["60", "faketime", "-f", &now.format(format).unwrap(), "sh", "-c", script]);
        let bin = self.home.path("bin").display().to_string();
        let path = format!("{bin}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin");
        command.env_clear().env("PATH", path).env("TZ", "UTC").env("HOME", "/");
        command.current_dir(self.home.path("pki")).stdin(Stdio::null());
        command
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.home.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

/// What is served is valid on this night and, unless the hook failed, what the PKI has.
fn check_served(
    service: &mut Service,
    ca: &Path,
    now: OffsetDateTime,
    openssl: Option<&Sandbox>,
    fails: bool,
    shown: &str,
) {
    let mut served = Vec::new();
    // A service reads its files a moment after the signal.
    wait_until(&format!("{shown}: the renewed certificate is served"), || {
        served = probe::served(service.port, service.starttls, ca, now)
            .unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert!(probe::not_after(&served) > now, "{shown}: expired");
        fails || served == service.kept
    });
    service.counts.reloads += i64::from(served != service.served && !service.served.is_empty());
    service.served = served;
    if let Some(logs) = openssl {
        probe::openssl(logs, service.port, service.starttls, ca, now, shown);
    }
}
