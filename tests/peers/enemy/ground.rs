//! The directory in which an attack takes place, and certctl in it.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, lchown, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::{
    fs::{FileType, Mode, XattrFlags, makedev, mknodat, setxattr},
    io::Errno,
};

use super::{GEN, SERVICE, picture::Picture};
use crate::{
    commons::{Account, Commons},
    peer::skip,
    sandbox::Run,
};

/// No command here takes longer. One that does has blocked.
const SECONDS: &str = "30";

/// `pki/` is our CA. `victim/` is a directory of ours that no command names.
pub(super) struct Ground {
    commons: Commons,
}

/// The exit code of a command and its stderr.
pub(super) struct Answer {
    pub(super) line: String,
    pub(super) code: Option<i32>,
    pub(super) stderr: String,
}

impl Ground {
    pub(super) fn new() -> Self {
        let ground = Self { commons: Commons::new() };
        ground.certctl(&format!("-d pki {GEN}")).is(&[0]);
        ground.mode("pki", 0o755);
        fs::create_dir(ground.path("victim")).unwrap();
        // Earlier copies, which `export` replaces.
        ground.sh("cp -p pki/server.key pki/server.pem pki/client.pem pki/ca.pem victim/");
        ground.certctl("-d pki renew ca server client").is(&[0]);
        for (file, mode) in [
            ("shadow", 0o600),
            ("authorized_keys", 0o600),
            ("out.yaml", 0o644),
            ("sub/keep", 0o640),
        ] {
            let file = format!("victim/{file}");
            ground.write(&file, format!("{file} before the attack\n"));
            ground.mode(&file, mode);
        }
        for directory in ["victim", "victim/sub"] {
            ground.mode(directory, 0o755);
        }
        ground
    }

    /// With `app/` and `app/tls/`, which are the service's. Needs root.
    pub(super) fn with_service() -> Self {
        let ground = Self::new();
        for directory in ["app", "app/tls"] {
            ground.directory(directory, SERVICE, 0o755);
        }
        ground
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.commons.path(file)
    }

    pub(super) fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub(super) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(super) fn mode(&self, file: &str, mode: u32) {
        fs::set_permissions(self.path(file), Permissions::from_mode(mode)).unwrap();
    }

    /// Changes the owner of the entry, not of what a symlink names.
    pub(super) fn give(&self, file: &str, account: Account) {
        lchown(self.path(file), Some(account.uid), Some(account.gid)).unwrap();
    }

    /// Changes the owner of the entry and of all entries below it.
    pub(super) fn give_all(&self, file: &str, account: Account) {
        for entry in Picture::of(&self.path(file)).entries.into_keys() {
            lchown(entry, Some(account.uid), Some(account.gid)).unwrap();
        }
    }

    pub(super) fn directory(&self, directory: &str, account: Account, mode: u32) {
        fs::create_dir_all(self.path(directory)).unwrap();
        self.give(directory, account);
        self.mode(directory, mode);
    }

    pub(super) fn symlink(&self, target: &str, file: &str) {
        symlink(target, self.path(file)).unwrap();
    }

    pub(super) fn fifo(&self, file: &str) {
        self.node(file, FileType::Fifo, 0).unwrap();
    }

    /// A device that discards what is written, as `/dev/null`. Needs root.
    pub(super) fn device(&self, file: &str) -> bool {
        let made = self.node(file, FileType::CharacterDevice, makedev(1, 3));
        made.is_ok() || skip("device files here")
    }

    pub(super) fn node(&self, file: &str, kind: FileType, device: u64) -> Result<(), Errno> {
        let mode = Mode::from_raw_mode(0o644);
        mknodat(rustix::fs::CWD, self.path(file), kind, mode, device)
    }

    /// Sets an ACL; `false` where the file system has none.
    pub(super) fn acl(&self, file: &str, name: &str, acl: &[u8]) -> bool {
        match setxattr(self.path(file), name, acl, XattrFlags::empty()) {
            Err(Errno::OPNOTSUPP) => skip("POSIX ACLs here"),
            done => {
                done.unwrap();
                true
            }
        }
    }

    /// Whether the account may read the file.
    pub(super) fn can_read(&self, account: Account, file: &str) -> bool {
        let mut cat = self.commons.command(account, Path::new("cat"));
        cat.arg(file).output().unwrap().status.success()
    }

    pub(super) fn picture(&self, file: &str) -> Picture {
        Picture::of(&self.path(file))
    }

    /// certctl with words that hold no spaces, in this directory.
    pub(super) fn certctl(&self, line: &str) -> Answer {
        self.certctl_below("", line)
    }

    /// certctl, started by a shell that has done `setup` before.
    pub(super) fn certctl_below(&self, setup: &str, line: &str) -> Answer {
        let program = env!("CARGO_BIN_EXE_certctl");
        let script = format!("{setup}\nexec timeout -k 5 {SECONDS} '{program}' {line}");
        let mut command = Command::new("sh");
        command.args(["-euc", &script]).env_clear().env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
        command.current_dir(self.path("")).stdin(Stdio::null());
        let output = command.output().unwrap();
        Answer {
            line: line.to_owned(),
            code: output.status.code(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// A shell script in this directory, which must succeed.
    pub(super) fn sh(&self, script: &str) {
        let mut command = Command::new("sh");
        command.args(["-euc", script]).current_dir(self.path(""));
        Run::of(command.stdin(Stdio::null())).code(0);
    }
}

impl Answer {
    /// Asserts one of these exit codes. A panic is 101, a command that blocks 124 or 137.
    pub(super) fn is(&self, codes: &[i32]) -> &Self {
        let code = self.code;
        let shown = format!("`{}`\n{}", self.line, self.stderr);
        assert!(code.is_some_and(|code| codes.contains(&code)), "exit {code:?}: {shown}");
        self
    }

    /// Asserts that stderr has one of these words, in any case.
    pub(super) fn says(&self, words: &[&str]) -> &Self {
        let stderr = self.stderr.to_lowercase();
        let found = words.iter().any(|word| stderr.contains(&word.to_lowercase()));
        assert!(found, "`{}`: none of {words:?} in\n{}", self.line, self.stderr);
        self
    }

    pub(super) fn refused(&self) -> bool {
        self.code == Some(1)
    }
}
