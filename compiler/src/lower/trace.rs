//! A trace of lowering one entry: every template in its place, and where every URL can lead.
//!
//! For tools that show an entry (`check --hosts`, `inspect`, `diff`). The host sets of the spec are the same patterns,
//! united by use.

use super::arena::Arena;
use super::lowering::Lowering;
use crate::model::Provider;

pub use super::reached::{PlacedTemplate, Reached, Use};

/// Where every URL of an entry that names a host can lead.
pub fn reached(provider: &Provider) -> Vec<Reached> {
    let mut lowering = Lowering::new(Arena::Discarded, provider);
    let _ = super::entry(&mut lowering, provider);
    lowering.reached.retain(|reached| !reached.hosts.is_empty());
    lowering.reached
}

/// Every template of an entry, in the order in which they are lowered. They are kept until the program ends.
pub fn templates(provider: &Provider) -> Vec<PlacedTemplate> {
    let mut lowering = Lowering::new(Arena::kept(), provider);
    lowering.templates = Some(Vec::new());
    let _ = super::entry(&mut lowering, provider);
    lowering.templates.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;
    use crate::source::Sources;

    fn provider(rest: &str) -> Provider {
        let mut sources = Sources::default();
        let text = format!("a:\n    display_name: A\n    docs: https://a.example\n    categories: [other]\n{rest}");
        let file = sources.add("t.yaml", text);
        *pipeline::check(&sources, file).providers.remove(0)
    }

    #[test]
    fn every_url_is_there_with_its_use_its_place_and_its_hosts() {
        for (rest, expected) in [
            (
                "    auth_mode: OAUTH2
    authorization_url: https://a.example/authorize
    token_url: https://${connectionConfig.sub}.a-cloud.com/token
    connection_config: {sub: {type: string, title: S, description: D., pattern: '^[a-z]+$'}}
    proxy: {base_url: 'https://${connectionConfig.sub}'}
",
                &[
                    "authorize Fixed authorization_url a.example",
                    "token Confined token_url *.a-cloud.com",
                    "api Open proxy.base_url *:*",
                ][..],
            ),
            (
                "    auth_mode: BILL\n    token_url: https://api.a.example/login\n",
                &["token Fixed token_url api.a.example"],
            ),
            (
                "    auth_mode: AWS_SIGV4
    integration_config: {service: {type: string, title: S, description: D., pattern: '^[a-z]+$'}}
    connection_config:
        region: {type: string, title: R, description: D., pattern: '^[a-z0-9-]+$'}
        service: {type: string, title: S, description: D., automated: true}
    proxy: {base_url: 'https://${connectionConfig.service}.${connectionConfig.region}.amazonaws.com'}
",
                &[
                    "token Confined  sts.*.amazonaws.com",
                    "token Confined  sts.*.amazonaws.com.cn",
                    "token Confined  sts.*.amazonaws.eu",
                    "api Confined proxy.base_url *.*.amazonaws.com",
                    "api Confined  *.*.amazonaws.com.cn",
                    "api Confined  *.*.amazonaws.eu",
                ],
            ),
            (
                "    auth_mode: API_KEY\n    proxy: {base_url: 'https://a.example', verification: {endpoints: [/me, 'https://b.example/me']}}\n",
                &["api Fixed proxy.base_url a.example"],
            ),
        ] {
            let show = |reached: &Reached| {
                let hosts: Vec<String> = reached.hosts.iter().map(ToString::to_string).collect();
                let class = reached.class().map_or_else(String::new, |class| format!("{class:?}"));
                format!("{} {class} {} {}", reached.purpose.name(), reached.path.join("."), hosts.join(" "))
            };
            assert_eq!(reached(&provider(rest)).iter().map(show).collect::<Vec<_>>(), expected, "{rest}");
        }
    }

    #[test]
    fn every_template_is_there_with_its_place() {
        let provider = provider(
            "    auth_mode: API_KEY\n    proxy: {base_url: 'https://a.example', headers: {x-key: '${apiKey}'}, query: {v: '1'}}\n",
        );
        let paths: Vec<String> = templates(&provider).iter().map(|placed| placed.path.join(".")).collect();
        assert_eq!(paths, ["proxy.base_url", "proxy.headers.x-key", "proxy.query.v"]);
    }
}
