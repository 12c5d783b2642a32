//! The accounts that are called: made over keyway's API, and asked for by a script of wrk.

use crate::Result;
use crate::options::{Distribution, Options};
use crate::proxies::{API_KEY, ENTRY};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many are made at a time.
const MAKERS: usize = 16;

type Api = Client<HttpConnector, Full<bytes::Bytes>>;

/// Makes an integration and its connections `account-1` to `account-N`, each with this API key of its own.
pub(crate) fn make(server: SocketAddr, count: usize, secret: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        let api: Api = Client::builder(TokioExecutor::new()).build_http();
        let integration = json!({"provider": ENTRY});
        post(&api, server, "/integrations", &integration).await?;
        let next = Arc::new(AtomicUsize::new(1));
        let makers: Vec<_> = (0..MAKERS)
            .map(|_| {
                let (api, next, secret) = (api.clone(), Arc::clone(&next), secret.to_owned());
                tokio::spawn(async move {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number > count {
                            return Ok::<(), String>(());
                        }
                        let connection = json!({
                            "integration": ENTRY,
                            "connection_id": format!("account-{number}"),
                            "credentials": {"apiKey": secret},
                            "verify": false,
                        });
                        post(&api, server, "/connections", &connection).await?;
                    }
                })
            })
            .collect();
        for maker in makers {
            maker.await.map_err(|error| error.to_string())??;
        }
        Ok(())
    })
}

async fn post(api: &Api, server: SocketAddr, path: &str, body: &Value) -> Result<()> {
    let request = Request::post(format!("http://{server}{path}"))
        .header("authorization", format!("Bearer {API_KEY}"))
        .body(Full::new(body.to_string().into()))
        .map_err(|error| error.to_string())?;
    let response = api.request(request).await.map_err(|error| format!("POST {path}: {error}"))?;
    let status = response.status();
    // A store that was named by `--store` may hold them from an earlier run.
    if status.is_success() || status == hyper::StatusCode::CONFLICT {
        return Ok(());
    }
    let answer = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
    Err(format!("POST {path}: {status} {}", String::from_utf8_lossy(&answer)))
}

/// The script that names another account in each request; `None` where there is one account.
pub(crate) fn script(folder: &Path, options: &Options) -> Result<Option<PathBuf>> {
    if options.accounts <= 1 {
        return Ok(None);
    }
    let choose = match options.distribution {
        Distribution::Uniform => "math.random(count)",
        Distribution::Zipf => "zipf()",
    };
    let text = format!("local count = {}\n{SCRIPT}", options.accounts).replace("CHOOSE", choose);
    let path = folder.join("accounts.lua");
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Some(path))
}

/// `sums[n]` is 1/1 + 1/2 + ... + 1/n: the account of a point below `sums[count]` is found by halving.
const SCRIPT: &str = r#"
local sums, sum = {}, 0
for n = 1, count do
  sum = sum + 1 / n
  sums[n] = sum
end

function zipf()
  local point, low, high = math.random() * sum, 1, count
  while low < high do
    local middle = math.floor((low + high) / 2)
    if sums[middle] < point then low = middle + 1 else high = middle end
  end
  return low
end

function init()
  math.randomseed(os.time())
end

function request()
  wrk.headers["connection-id"] = "account-" .. CHOOSE
  return wrk.format()
end
"#;
