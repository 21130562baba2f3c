//! Issues certificates: contents, CA, and the steps from a change list to published files.

pub(crate) mod apply;
pub(crate) mod authority;
pub(crate) mod certificate_contents;
pub(crate) mod changes;
pub(crate) mod csr_rules;
pub(crate) mod error;
mod folders;
pub(crate) mod identity;
pub(crate) mod identity_files;
pub(crate) mod key_files;
pub(crate) mod layout;
pub(crate) mod pending_hook;
pub(crate) mod profile;
pub(crate) mod spec;
pub(crate) mod state;
pub(crate) mod urgency;
