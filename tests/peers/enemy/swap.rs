//! A directory is exchanged for a symlink, again and again, while certctl writes it.

use std::{
    fs::{self, File},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::fs::{RenameFlags, renameat_with};
use x509_parser::pem::Pem;

use super::{GEN, Ground, SERVICE};
use crate::{commons::can_switch_users, peer::skip};

/// One attack stops after so many runs of certctl, or after so long.
const RUNS: usize = 60;
const LIMIT: Duration = Duration::from_secs(20);

/// Exchanges two names of a directory until it is dropped. Its owner could do the same.
struct Swap {
    stop: Arc<AtomicBool>,
    /// Held while the names must not change.
    pause: Arc<Mutex<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Swap {
    fn start(directory: &Path, names: [&'static str; 2]) -> Option<Self> {
        let directory = File::open(directory).unwrap();
        let exchange = move || {
            renameat_with(&directory, names[0], &directory, names[1], RenameFlags::EXCHANGE)
        };
        if exchange().is_err() {
            skip("renameat2 that exchanges");
            return None;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let pause = Arc::new(Mutex::new(()));
        let (stopped, paused) = (Arc::clone(&stop), Arc::clone(&pause));
        let thread = thread::spawn(move || {
            let mut wait = 0;
            while !stopped.load(Ordering::Relaxed) {
                {
                    let _held = paused.lock();
                    // certctl may just have removed one of the names.
                    let _ = exchange();
                }
                // Different intervals meet different windows.
                wait = (wait + 37) % 400;
                thread::sleep(Duration::from_micros(wait));
            }
        });
        Some(Self { stop, pause, thread: Some(thread) })
    }
}

impl Drop for Swap {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().unwrap().join();
    }
}

/// Runs certctl while two names in `app/` are exchanged; `victim/` and `pki/` must stay as they are.
/// `check` runs after each command.
fn attack(
    ground: &Ground,
    names: [&'static str; 2],
    line: impl Fn(usize) -> String,
    check: impl Fn(&str),
) {
    let victim = ground.picture("victim");
    let pki = ground.picture("pki");
    let start = Instant::now();
    let Some(swap) = Swap::start(&ground.path("app"), names) else { return };
    let mut done = 0;
    let mut runs = 0;
    while runs < RUNS && start.elapsed() < LIMIT {
        let line = line(runs);
        let run = ground.certctl(&line);
        run.is(&[0, 1]);
        done += usize::from(!run.refused());
        runs += 1;
        victim.assert_unchanged(&line);
        pki.assert_unchanged(&line);
        let _held = swap.pause.lock();
        check(&line);
    }
    drop(swap);
    println!("{names:?}: {runs} runs, {done} with exit 0");
}

/// `app/link`, a symlink of the service.
fn link(ground: &Ground, target: &str) {
    ground.symlink(target, "app/link");
    ground.give("app/link", SERVICE);
}

#[test]
fn a_swapped_directory_does_not_redirect_export() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::with_service();
    link(&ground, "../victim");
    attack(&ground, ["tls", "link"], |_| "-d pki export server --to app/tls".into(), |_| ());
}

#[test]
fn a_swapped_component_does_not_redirect_export() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::with_service();
    ground.directory("app/deep", SERVICE, 0o755);
    ground.directory("app/deep/sub", SERVICE, 0o755);
    link(&ground, "../victim");
    attack(&ground, ["deep", "link"], |_| "-d pki export server --to app/deep/sub".into(), |_| ());
}

#[test]
fn a_swapped_directory_does_not_redirect_render() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::with_service();
    link(&ground, "../victim");
    let line = "-d pki render milvus compose --out-dir app/tls";
    attack(&ground, ["tls", "link"], |_| line.into(), |_| ());
}

#[test]
fn a_swapped_subfolder_does_not_redirect_render() {
    if !can_switch_users() {
        return;
    }
    // `--out-dir` is `app` itself; the folder in it is exchanged.
    let ground = Ground::with_service();
    link(&ground, "../victim");
    attack(
        &ground,
        ["tls", "link"],
        |_| "-d pki render milvus compose --out-dir app".into(),
        |_| (),
    );
}

#[test]
fn a_swapped_directory_does_not_redirect_out_file() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::with_service();
    link(&ground, "../victim");
    let line = |_| "-d pki k8s secret --out-file app/tls/out.yaml".into();
    attack(&ground, ["tls", "link"], line, |_| ());
}

#[test]
fn a_swapped_target_is_not_followed() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::with_service();
    ground.write("app/server.key", ground.read("victim/server.key"));
    ground.mode("app/server.key", 0o600);
    ground.give("app/server.key", SERVICE);
    link(&ground, "../victim/server.key");
    let line = |run| {
        // A run that replaced the symlink has ended the attack: it is planted again.
        let planted = format!("app/planted-{run}");
        ground.symlink("../victim/server.key", &planted);
        ground.give(&planted, SERVICE);
        fs::rename(ground.path(&planted), ground.path("app/link")).unwrap();
        "-d pki export server --to app".into()
    };
    attack(&ground, ["server.key", "link"], line, |_| ());
}

#[test]
fn a_swapped_directory_does_not_redirect_renew() {
    if !can_switch_users() {
        return;
    }
    let ground = swapped_pki();
    let line = |_| "-d app/tls renew server".into();
    attack(&ground, ["tls", "link"], line, |line| assert_no_signature(&ground, line));
}

#[test]
fn a_swapped_directory_does_not_make_our_ca_sign() {
    if !can_switch_users() {
        return;
    }
    let ground = swapped_pki();
    let line = |run| format!("-d app/tls issue evil-{run} evil.example --key-type ecdsa:p256");
    attack(&ground, ["tls", "link"], line, |line| assert_no_signature(&ground, line));
}

/// `app/tls` is a PKI of the service, `app/link` names ours.
fn swapped_pki() -> Ground {
    let ground = Ground::with_service();
    let other = GEN.replace("localhost", "enemy");
    ground.certctl(&format!("-d app/tls {other}")).is(&[0]);
    ground.give_all("app", SERVICE);
    link(&ground, "../pki");
    ground
}

/// Asserts that our CA has signed nothing in the directory of the service.
fn assert_no_signature(ground: &Ground, line: &str) {
    // One of the two names is a directory, the other a symlink; the PKI of ours is in neither.
    for place in ["app/tls", "app/link"] {
        for (path, entry) in ground.picture(place).entries {
            if path.extension().is_none_or(|extension| extension != "pem") {
                continue;
            }
            for pem in Pem::iter_from_buffer(&entry.content).map(Result::unwrap) {
                let issuer = pem.parse_x509().unwrap().issuer().to_string();
                assert!(issuer.contains("enemy"), "{line}: {} by {issuer}", path.display());
            }
        }
    }
}
