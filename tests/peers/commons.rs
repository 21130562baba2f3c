//! A directory where other users can work: the sandbox may lie below a home that they cannot enter.

use std::{
    env,
    fs::{self, DirBuilder, Permissions},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{
    peer::{have, skip},
    sandbox::{Run, Sandbox},
};

/// An account; most are nobody's, which is enough for the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub uid: u32,
    pub gid: u32,
}

/// Below the system's temporary directory; removed when the test ends.
pub struct Commons {
    dir: PathBuf,
}

/// Whether one is root and can become another user.
pub fn can_switch_users() -> bool {
    have(&["setpriv"]) && (rustix::process::geteuid().is_root() || skip("root"))
}

impl Commons {
    pub fn new() -> Self {
        static COUNTER: AtomicUsize = AtomicUsize::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let dir = env::temp_dir().join(format!("certctl-peers-{}-{number}", process::id()));
        DirBuilder::new().mode(0o755).create(&dir).unwrap();
        Self { dir }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    /// Copies a file of the sandbox, for an account.
    pub fn take(&self, sandbox: &Sandbox, file: &str, owner: Account, mode: u32) {
        let copy = self.path(file);
        fs::write(&copy, sandbox.read(file)).unwrap();
        set_owner(&copy, owner, mode);
    }

    /// `program` under another account, in this directory.
    pub fn command(&self, account: Account, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command
            .args([format!("--reuid={}", account.uid), format!("--regid={}", account.gid)])
            .args(["--clear-groups", "--"])
            .arg(program)
            .current_dir(&self.dir);
        command
    }

    /// certctl under another account.
    pub fn certctl(&self, account: Account, line: &str) -> Run {
        let program = self.path("certctl");
        if !program.exists() {
            // `cp` has the copy open for writing, not this process: a child that another test starts
            // meanwhile would inherit the descriptor, and the kernel starts no program that is open
            // for writing (ETXTBSY).
            let copy = Command::new("cp").arg(env!("CARGO_BIN_EXE_certctl")).arg(&program).status();
            assert!(copy.unwrap().success());
            fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        }
        Run::of(self.command(account, &program).args(line.split_whitespace()).env_clear())
    }
}

impl Drop for Commons {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

pub fn set_owner(path: &Path, owner: Account, mode: u32) {
    chown(path, Some(owner.uid), Some(owner.gid)).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Owner and permission bits.
pub fn owner(path: &Path) -> (Account, u32) {
    let metadata = fs::metadata(path).unwrap();
    (Account { uid: metadata.uid(), gid: metadata.gid() }, metadata.mode() & 0o7777)
}
