//! The upstream: an nginx that answers with 1 KiB, over plain HTTP or TLS with a certificate made for the run.

use crate::options::{Options, Scheme};
use crate::process::{Process, command, free_address};
use crate::{Result, load};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where requests go.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    /// The authority that signed its certificate, in PEM; `None` over plain HTTP.
    pub(crate) authority: Option<PathBuf>,
    _process: Process,
}

impl Upstream {
    pub(crate) fn start(folder: &Path, options: &Options) -> Result<Upstream> {
        let cores = load::CORES.get_or_init(|| options.other_cores());
        let authority = match options.upstream {
            Scheme::Http => None,
            Scheme::Tls => Some(certified(folder)?),
        };
        let address = free_address()?;
        let folder = folder.join("upstream");
        fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let tls = authority.as_ref().map_or_else(String::new, |authority| {
            let certificates = authority.with_file_name("");
            format!(
                "ssl_certificate {0}server.pem; ssl_certificate_key {0}server.key; ssl_protocols TLSv1.2 TLSv1.3;",
                certificates.display()
            )
        });
        let listen = if authority.is_some() {
            format!("{address} ssl reuseport backlog=4096")
        } else {
            format!("{address} reuseport backlog=4096")
        };
        let answer = "x".repeat(1024);
        let server = format!(
            "server {{ listen {listen}; {tls} keepalive_requests 1000000000; keepalive_timeout 600s; \
             location / {{ default_type application/json; return 200 {answer}; }} }}"
        );
        let process = Process::start(nginx(&folder, "auto", cores, &server)?, address)?;
        Ok(Upstream { address, authority, _process: process })
    }

    /// How it is named: by the name in its certificate, or by its address.
    pub(crate) fn origin(&self) -> String {
        match self.authority {
            Some(_) => format!("https://localhost:{}", self.address.port()),
            None => format!("http://{}", self.address),
        }
    }
}

/// An nginx with its files in a folder.
pub(crate) fn nginx(folder: &Path, workers: &str, cores: &str, server: &str) -> Result<Command> {
    let at = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {at}/{kind}; "))
        .concat();
    let text = format!(
        "daemon off; worker_processes {workers}; worker_rlimit_nofile 16384; pid {at}/pid; error_log stderr crit;\n\
         events {{ worker_connections 8192; }}\nhttp {{ access_log off; {temporary}\n{server} }}\n"
    );
    let path = folder.join("nginx.conf");
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut command = command("nginx", cores);
    command.args(["-e", "stderr", "-p"]).arg(folder).arg("-c").arg(path);
    Ok(command)
}

/// Makes an authority and a certificate for `localhost`; gives the authority's.
fn certified(folder: &Path) -> Result<PathBuf> {
    let name = "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n";
    fs::write(folder.join("server.ext"), name).map_err(|error| error.to_string())?;
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let mut authority =
        vec!["req", "-x509", "-subj", "/CN=keyway bench", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem"];
    authority.extend(key);
    let mut request = vec!["req", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"];
    request.extend(key);
    let sign = ["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
    let signed = [&sign[..], &["-days", "2", "-extfile", "server.ext", "-out", "server.pem"]].concat();
    for arguments in [authority, request, signed] {
        let output = Command::new("openssl").current_dir(folder).args(&arguments).output();
        let output = output.map_err(|error| format!("openssl: {error}"))?;
        if !output.status.success() {
            return Err(format!("openssl {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)));
        }
    }
    Ok(folder.join("ca.pem"))
}
