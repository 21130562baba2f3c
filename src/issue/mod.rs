//! Issues certificates: contents, CA, and the steps from a change list to published files.

pub(crate) mod apply;
pub(crate) mod archive;
pub(crate) mod authority;
pub(crate) mod ca_renewal;
pub(crate) mod certificate_contents;
pub(crate) mod changes;
pub(crate) mod csr_notes;
pub(crate) mod csr_rules;
pub(crate) mod error;
pub(crate) mod existing;
mod folders;
pub(crate) mod foresight;
pub(crate) mod identity;
pub(crate) mod identity_files;
pub(crate) mod key_files;
pub(crate) mod layout;
pub(crate) mod notes;
pub(crate) mod pending_hook;
pub(crate) mod profile;
pub(crate) mod renewal;
pub(crate) mod rollback;
pub(crate) mod selection;
pub(crate) mod spec;
pub(crate) mod state;
pub(crate) mod urgency;
