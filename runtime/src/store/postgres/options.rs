//! Which database, as whom, and over what line: the URL and what it says.
//!
//! No error and no `Debug` holds the URL: it may have a password in it.

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use url::Url;

/// The number of connections that a process opens unless it is told otherwise.
const DEFAULT_CONNECTIONS: usize = 16;

/// What is connected to, and how.
#[derive(Clone)]
pub struct PostgresOptions {
    pub(super) config: Config,
    pub(super) root_certificates: Option<PathBuf>,
    pub(super) max_connections: usize,
}

impl PostgresOptions {
    /// Reads a URL: `postgres://user@host:5432/database?sslmode=verify-full`.
    ///
    /// `sslmode` is `disable`, `prefer`, `require`, `verify-ca` or `verify-full`; where there is TLS, the server is
    /// always verified, also with `require`. Without it, a loopback address or a Unix socket has no TLS, and every
    /// other host `verify-full`. `sslrootcert` is a PEM file of the authorities to trust in the place of Mozilla's,
    /// `password_file` a file that holds the password, `max_connections` how many connections are opened at most (16).
    /// `host` may be the folder of a Unix socket. An unreadable URL is [`ErrorKind::InvalidValue`].
    pub fn parse(url: &str) -> Result<PostgresOptions> {
        let mut url = Url::parse(url).map_err(|_| invalid("is not a URL"))?;
        if !PostgresOptions::is_url(url.as_str()) {
            return Err(invalid("begins with another scheme"));
        }
        let given: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        url.set_query(None);
        let mut config = Config::from_str(url.as_str()).map_err(|_| invalid("cannot be read"))?;
        let (mut mode, mut root_certificates, mut max_connections) = (None, None, DEFAULT_CONNECTIONS);
        for (name, value) in given {
            match name.as_str() {
                "sslmode" => mode = Some(value),
                "sslrootcert" => root_certificates = Some(PathBuf::from(value)),
                "password_file" => drop(config.password(password_in(&value)?.expose())),
                "max_connections" => {
                    let number = value.parse().ok().filter(|number| (1..=1000).contains(number));
                    max_connections = number.ok_or_else(|| invalid("has a `max_connections` that is not 1 to 1000"))?;
                }
                "host" => drop(config.host(value)),
                "user" => drop(config.user(value)),
                "dbname" => drop(config.dbname(value)),
                "port" => drop(config.port(value.parse().map_err(|_| invalid("has a `port` that is no number"))?)),
                _ => {
                    let message = "has a parameter that is not one of `sslmode`, `sslrootcert`, `password_file`, \
                                   `max_connections`, `host`, `port`, `user` and `dbname`";
                    return Err(invalid(message));
                }
            }
        }
        if config.get_hosts().is_empty() {
            return Err(invalid("names no host"));
        }
        let mode = match mode.as_deref() {
            None if is_local(&config) => SslMode::Disable,
            None | Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some("disable") => SslMode::Disable,
            Some("prefer") => SslMode::Prefer,
            Some(_) => return Err(invalid("has an `sslmode` that is not disable, prefer, require or verify-full")),
        };
        config.ssl_mode(mode).application_name("keyway");
        Ok(PostgresOptions { config, root_certificates, max_connections })
    }

    /// True if a text is the URL of a database, rather than a path.
    pub fn is_url(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// The password, unless the URL has one.
    #[must_use]
    pub fn or_password(mut self, password: &Secret) -> PostgresOptions {
        if self.config.get_password().is_none() {
            self.config.password(password.expose());
        }
        self
    }
}

/// The URL without what is secret.
impl fmt::Display for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) if host.contains(':') => write!(f, "[{host}]")?,
            Some(Host::Tcp(host)) => f.write_str(host)?,
            #[cfg(unix)]
            Some(Host::Unix(path)) => write!(f, "{}", path.display())?,
            _ => {}
        }
        if let Some(port) = self.config.get_ports().first() {
            write!(f, ":{port}")?;
        }
        if let Some(name) = self.config.get_dbname() {
            write!(f, "/{name}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresOptions({self})")
    }
}

/// True if the line does not leave the machine.
fn is_local(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            let ip = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
            name == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

fn password_in(path: &str) -> Result<Secret> {
    let text = std::fs::read_to_string(path).map(Secret::new).map_err(|error| {
        Error::new(ErrorKind::InvalidValue, format!("cannot read the `password_file` `{path}`")).source(error)
    })?;
    Ok(Secret::new(text.expose().trim_end_matches(['\r', '\n'])))
}

fn invalid(what: &str) -> Error {
    let message = format!("the URL of the store {what}: write it like `postgres://user@host:5432/database`");
    Error::new(ErrorKind::InvalidValue, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_as_whom_and_whether_with_tls() {
        for (url, shown, mode) in [
            ("postgres://ann@127.0.0.1/db", "postgres://ann@127.0.0.1:5432/db", SslMode::Disable),
            ("postgresql://ann:pw-canary@localhost:5433/db", "postgres://ann@localhost:5433/db", SslMode::Disable),
            ("postgres://ann@[::1]/db", "postgres://ann@[::1]:5432/db", SslMode::Disable),
            ("postgres:///db?host=/run/pg&user=ann", "postgres://ann@/run/pg/db", SslMode::Disable),
            ("postgres://ann@db.example.com/db", "postgres://ann@db.example.com:5432/db", SslMode::Require),
            ("postgres://ann@10.0.0.1/db", "postgres://ann@10.0.0.1:5432/db", SslMode::Require),
            (
                "postgres://ann@localhost.example.com/db",
                "postgres://ann@localhost.example.com:5432/db",
                SslMode::Require,
            ),
            ("postgres://ann@db/db?sslmode=disable", "postgres://ann@db:5432/db", SslMode::Disable),
            ("postgres://ann@db/db?sslmode=prefer", "postgres://ann@db:5432/db", SslMode::Prefer),
            ("postgres://ann@localhost/db?sslmode=verify-full", "postgres://ann@localhost:5432/db", SslMode::Require),
        ] {
            let options = PostgresOptions::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(options.to_string(), shown, "{url}");
            assert_eq!(options.config.get_ssl_mode(), mode, "{url}");
            assert!(!format!("{options:?}").contains("canary"), "{url}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_being_shown() {
        for url in [
            "mysql://ann:pw-canary@db/db",
            "postgres://ann:pw-canary@db:port/db",
            "postgres://ann:pw-canary@db/db?sslmode=maybe",
            "postgres://ann:pw-canary@db/db?pw=pw-canary",
            "postgres://ann:pw-canary@db/db?max_connections=0",
            "postgres:///db",
            "not a URL, pw-canary",
        ] {
            let error = PostgresOptions::parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{url}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }

    #[test]
    fn the_password_is_that_of_the_url_or_of_its_file_or_the_one_that_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "of the file\n").unwrap();
        let of_file = format!("postgres://ann@db/db?password_file={}", file.display());
        for (url, expected) in [
            ("postgres://ann:of%20the%20url@db/db", "of the url"),
            (of_file.as_str(), "of the file"),
            ("postgres://ann@db/db", "given"),
        ] {
            let options = PostgresOptions::parse(url).unwrap().or_password(&Secret::new("given"));
            assert_eq!(options.config.get_password(), Some(expected.as_bytes()), "{url}");
        }
        assert!(PostgresOptions::parse("postgres://ann@db/db?password_file=/no/such").is_err());
    }
}
