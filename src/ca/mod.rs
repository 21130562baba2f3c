//! Issuing: what a certificate says, who signs it, and the way from a change list to published files.

pub(crate) mod apply;
pub(crate) mod authority;
pub(crate) mod changes;
pub(crate) mod csr;
pub(crate) mod fleet;
mod folders;
pub(crate) mod identity;
pub(crate) mod layout;
pub(crate) mod pair;
pub(crate) mod pending_hook;
pub(crate) mod profile;
pub(crate) mod request;
pub(crate) mod state;
