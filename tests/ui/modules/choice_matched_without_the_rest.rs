use keyway_providers::paypal_oauth2_cc;

fn name(host: paypal_oauth2_cc::Host) -> &'static str {
    match host {
        paypal_oauth2_cc::Host::ApiMPaypalCom => "live",
        paypal_oauth2_cc::Host::ApiMSandboxPaypalCom => "sandbox",
    }
}

fn main() {}
