//! The protocols that begin in plaintext and change to TLS.

/// Protocols that begin in plaintext.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Mysql,
    Postgres,
    Smtp,
}

impl Protocol {
    /// The value of `--starttls`.
    pub(crate) const fn flag(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Postgres => "postgres",
            Self::Smtp => "smtp",
        }
    }

    /// The name for messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Mysql => "MySQL",
            Self::Postgres => "PostgreSQL",
            Self::Smtp => "SMTP",
        }
    }

    /// The usual protocol of a port.
    pub(super) const fn of_port(port: u16) -> Option<Self> {
        match port {
            25 | 587 => Some(Self::Smtp),
            3306 => Some(Self::Mysql),
            5432 | 6432 => Some(Self::Postgres),
            _ => None,
        }
    }
}
