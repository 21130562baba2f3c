//! Attacks on the file store, from its specification alone.
//!
//! The enemy is the owner of the directory that certctl writes, another local user, or the author
//! of a repository that we cloned. Each test plants something, runs certctl, and compares the files
//! of the victim before and after: content, owner, mode and ACL.

mod access;
mod commit;
mod copied;
mod entry;
mod fixed;
mod ground;
mod journal;
mod locks;
mod out_file;
mod path;
mod picture;
mod shared;
mod signer;
mod swap;
mod target;

use std::{
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use self::{
    ground::Ground,
    picture::{ACCESS_ACL, DEFAULT_ACL, Picture, acl},
};
use crate::commons::Account;

const ROOT: Account = Account { uid: 0, gid: 0 };
/// The owner of a directory that receives files: a service that an attacker controls.
const SERVICE: Account = Account { uid: 54_321, gid: 54_322 };
/// A local user without rights here.
const OTHER: Account = Account { uid: 54_341, gid: 54_342 };

const GEN: &str = "gen --cn localhost --key-type ecdsa:p256";

/// What the enemy does before certctl runs.
type Plant = fn(&Ground);

/// The rows of a test: all are tried, then the test fails if one has failed.
#[derive(Default)]
struct Trial {
    failed: Vec<String>,
}

impl Trial {
    fn attempt(&mut self, context: impl Display, row: impl FnOnce()) {
        if catch_unwind(AssertUnwindSafe(row)).is_err() {
            println!("failed: {context}");
            self.failed.push(context.to_string());
        }
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let failed = &self.failed;
        assert!(thread::panicking() || failed.is_empty(), "failed:\n{}", failed.join("\n"));
    }
}
