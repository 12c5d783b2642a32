use keyway_providers::paypal;

fn name(host: paypal::Host) -> &'static str {
    match host {
        paypal::Host::ApiMPaypalCom => "live",
        paypal::Host::ApiMSandboxPaypalCom => "sandbox",
    }
}

fn main() {}
