//! The HTTP surface: routes, limits, headers, and the one place where errors are logged.

mod admin;
mod assets;
mod failure;
mod frame;
mod secured;

use std::time::Duration;

use axum::{
    Router,
    http::{Method, StatusCode},
    middleware,
    routing::get,
};
use lt_model::agent::Permission;
use lt_protocol::api::{MAX_BODY_BYTES, MAX_IMPORT_BYTES};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

pub(crate) use failure::Failure;
pub(crate) use secured::{authenticate, bearer, json};

use crate::{app::Shared, snapshot, sync, widget};
use secured::Routes;

/// A request that takes longer is given up. An import builds a new index; a long poll waits 25 s.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// A body that pauses longer is given up.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// All routes.
pub(crate) fn router(app: Shared) -> Router {
    registered()
        .into_router()
        .route("/sync/v1/ws", get(sync::upgrade))
        .merge(sync::poll::routes())
        .route("/sync/v1/snapshot/{stream}", get(snapshot::page))
        .merge(assets::routes())
        .merge(widget::routes())
        .fallback(failure::not_found)
        .method_not_allowed_fallback(failure::not_found)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIMEOUT,
        ))
        .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT))
        .layer(middleware::from_fn_with_state(app.clone(), frame::around))
        .with_state(app)
}

/// Every REST route, with what it takes to call it.
fn registered() -> Routes {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    Routes::new()
        .open(&get, "/healthz", 0, admin::health)
        .open(&post, "/api/v1/setup", MAX_BODY_BYTES, admin::setup)
        .open(&post, "/api/v1/login", MAX_BODY_BYTES, admin::login)
        .secured(
            &post,
            "/api/v1/logout",
            Permission::PresenceSet,
            0,
            admin::logout,
        )
        .secured(
            &get,
            "/api/v1/conversations/{id}/facts",
            Permission::ConvView,
            0,
            admin::customer_facts,
        )
        .secured(
            &post,
            "/api/v1/agents",
            Permission::UserManage,
            MAX_BODY_BYTES,
            admin::create_agent,
        )
        .secured(
            &put,
            "/api/v1/agents/{who}/groups",
            Permission::UserManage,
            MAX_BODY_BYTES,
            admin::set_agent_groups,
        )
        .secured(
            &get,
            "/api/v1/groups",
            Permission::UserManage,
            0,
            admin::groups,
        )
        .secured(
            &post,
            "/api/v1/groups",
            Permission::UserManage,
            MAX_BODY_BYTES,
            admin::create_group,
        )
        .secured(
            &post,
            "/api/v1/faq/import",
            Permission::FaqPublish,
            MAX_IMPORT_BYTES,
            admin::import_faq,
        )
        .secured(
            &get,
            "/api/v1/faq/export",
            Permission::FaqPublish,
            0,
            admin::export_faq,
        )
        .secured(
            &get,
            "/api/v1/learning",
            Permission::FaqReview,
            0,
            admin::learning,
        )
        .secured(
            &post,
            "/api/v1/learning/run",
            Permission::FaqReview,
            0,
            admin::learn,
        )
        .secured(
            &post,
            "/api/v1/learning/rule",
            Permission::FaqReview,
            MAX_BODY_BYTES,
            admin::rule_learned,
        )
        .secured(
            &get,
            "/api/v1/audit/verify",
            Permission::AuditView,
            0,
            admin::verify_audit,
        )
}

#[cfg(test)]
mod tests;
