//! The catalogues of these tests: a flow with scopes, a key with every kind of field, and both with hostile texts.

/// A provider that the customer signs in at.
pub(crate) const FLOW: &str = "acme";
/// A provider that takes a key of the customer's.
pub(crate) const KEYED: &str = "keyed";
/// The same two with texts that would be markup.
pub(crate) const HOSTILE: [&str; 2] = ["hostile-acme", "hostile-keyed"];

/// Others beside them, so that a list is one.
const OTHERS: [(&str, &str, &str); 10] = [
    ("aster-mail", "Aster Mail", "communication"),
    ("birch-books", "Birch Books", "accounting"),
    ("cedar-crm", "Cedar CRM", "crm"),
    ("dahlia-desk", "Dahlia Desk", "support"),
    ("elm-events", "Elm Events", "marketing"),
    ("fern-files", "Fern Files", "storage"),
    ("hazel-hr", "Hazel HR", "hr"),
    ("juniper-jobs", "Juniper Jobs", "ats"),
    ("larch-ledger", "Larch Ledger", "banking"),
    ("maple-meetings", "Maple Meetings", "productivity"),
];

/// The entries, at a vendor.
pub(crate) fn catalogue(vendor: &str) -> String {
    let others = OTHERS.map(|(key, name, category)| other(key, name, category));
    [plain(vendor), others.concat()].concat()
}

fn other(key: &str, name: &str, category: &str) -> String {
    format!(
        r"
{key}:
    display_name: {name}
    docs: https://docs.{key}.example
    categories: [{category}]
    auth_mode: OAUTH2
    authorization_url: https://{key}.example/authorize
    token_url: https://{key}.example/token
    proxy:
        base_url: https://api.{key}.example
"
    )
}

fn plain(vendor: &str) -> String {
    format!(
        r"
{FLOW}:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [crm, support]
    auth_mode: OAUTH2
    authorization_url: {vendor}/authorize
    token_url: {vendor}/token
    proxy:
        base_url: {vendor}/api
    keyway:
        scopes:
            things:read: Read things
            things:write: Change things
            people:read: Read the people of the account
        endpoints:
            things.list:
                get: /things/{{group}}
                title: Lists the things of a group.
                docs: https://docs.acme.example/things
                query:
                    state: {{type: string, values: [open, closed], description: Those in this state.}}
                    labels: {{type: strings, style: comma, description: Those with all of these labels.}}
                    since: {{type: integer, description: Those from this number on.}}
            things.create:
                post: /things
                title: Makes a thing.
                body:
                    name: {{type: string, required: true, description: Its name.}}
                    sides: {{type: strings, values: [left, right], description: The sides that it has.}}
                    draft: {{type: boolean}}
                    extra: {{type: any, description: Your own data.}}
{KEYED}:
    display_name: Keyed
    docs: https://docs.keyed.example
    categories: [dev-tools]
    auth_mode: API_KEY
    connection_config:
        team:
            type: string
            title: Team
            description: The first part of the address of your team.
            prefix: https://
            suffix: .keyed.example
            example: acme
            pattern: '^[a-z0-9-]+$'
        plan:
            type: string
            title: Plan
            description: The plan on your bill.
            enum: [free, paid]
        contract:
            type: string
            title: Contract
            description: The number on your bill.
            visible_when: {{field: plan, equals: paid}}
        note:
            type: string
            title: Note
            description: For yourself.
            optional: true
    credentials:
        apiKey:
            type: string
            title: API key
            description: Made in your settings.
            secret: true
            pattern: '^key-[a-z-]+$'
    proxy:
        base_url: {vendor}/keyed
        headers:
            x-api-key: ${{apiKey}}
        verification: {{method: GET, endpoints: [/me]}}
"
    )
}

/// A value that opens a dialog wherever it becomes markup, in a text and in an attribute.
pub(crate) const MARKUP: &str = "</title></style></textarea>\"'><img src=x onerror=alert(1)><script>alert(2)</script>";

/// Entries with texts that would be markup.
pub(crate) fn hostile(vendor: &str) -> String {
    let text = format!("'{}'", MARKUP.replace('\'', "''"));
    let [flow, keyed] = HOSTILE;
    format!(
        r"
{flow}:
    display_name: {text}
    docs: https://docs.acme.example
    categories: [crm]
    auth_mode: OAUTH2
    authorization_url: {vendor}/authorize
    token_url: {vendor}/token
    proxy:
        base_url: {vendor}/api
    keyway:
        scopes: {{things:read: {text}}}
{keyed}:
    display_name: {text}
    docs: https://docs.keyed.example
    categories: [crm]
    auth_mode: API_KEY
    connection_config:
        team: {{type: string, title: {text}, description: {text}, prefix: {text}, suffix: {text}, example: {text}}}
        plan: {{type: string, title: {text}, description: {text}, enum: [{text}, other]}}
    credentials:
        apiKey: {{type: string, title: {text}, description: {text}, secret: true}}
    proxy:
        base_url: {vendor}/keyed
        headers: {{x-api-key: '${{apiKey}}'}}
        verification: {{method: GET, endpoints: [/me]}}
"
    )
}
