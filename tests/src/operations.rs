//! Operations of the provider with an API key, which the mock echoes.

use keyway_spec::operation::{
    ListStyle, Operation, OperationBody, OperationParameter, ParameterPlace, ValueKind, Verb,
};
use keyway_spec::proxy::{OffsetCount, Paginate, PaginateKind};

const QUERY: OperationParameter = OperationParameter::EMPTY;
const PATH: OperationParameter = OperationParameter { place: ParameterPlace::Path, required: true, ..QUERY };
const BODY: OperationParameter = OperationParameter { place: ParameterPlace::Body, ..QUERY };

/// Them, by name.
pub static OPERATIONS: &[Operation] = &[
    Operation {
        name: "fail.once",
        path: "/fail-once/{name}",
        parameters: &[OperationParameter { name: "name", ..PATH }],
        ..Operation::EMPTY
    },
    Operation { name: "heads.read", verb: Verb::Head, path: "/echo", ..Operation::EMPTY },
    Operation {
        name: "issues.create",
        verb: Verb::Post,
        path: "/echo/issues",
        title: Some("Creates an issue."),
        parameters: &[
            OperationParameter { name: "title", required: true, ..BODY },
            OperationParameter { name: "labels", kind: ValueKind::Strings, ..BODY },
        ],
        body: OperationBody::Json,
        idempotency_key: Some("idempotency-key"),
        ..Operation::EMPTY
    },
    Operation {
        name: "issues.list",
        path: "/echo/repos/{owner}/{repo}/issues",
        title: Some("Lists the issues of a repository."),
        docs: Some("https://docs.example.com/issues"),
        headers: &[("accept", "application/vnd.mock+json")],
        parameters: &[
            OperationParameter { name: "owner", ..PATH },
            OperationParameter { name: "repo", ..PATH },
            OperationParameter { name: "state", values: &["open", "closed"], ..QUERY },
            OperationParameter { name: "labels", kind: ValueKind::Strings, style: ListStyle::Comma, ..QUERY },
        ],
        paginate: Some(Paginate {
            kind: PaginateKind::Offset { name: "page", start: 1, count: OffsetCount::Pages },
            limit_name: Some("per_page"),
            ..Paginate::EMPTY
        }),
        ..Operation::EMPTY
    },
    Operation {
        name: "teapots.read",
        path: "/status/{status}",
        parameters: &[OperationParameter { name: "status", kind: ValueKind::Integer, ..PATH }],
        ..Operation::EMPTY
    },
];
