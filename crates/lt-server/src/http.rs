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
use lt_protocol::{
    alert,
    api::{MAX_BODY_BYTES, MAX_IMPORT_BYTES, file::MAX_UPLOAD_BYTES, share},
    members::path,
    metrics::{CELLS_PATH, ROWS_PATH},
};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

pub(crate) use failure::{Failure, Page};
pub(crate) use secured::{authenticate, bearer, file, json};

use crate::{app::Shared, snapshot, survey, sync, widget};
use secured::Routes;

/// A request that takes longer is given up. An import builds a new index; a long poll waits 25 s.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// A body that pauses longer is given up.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// A file that takes longer is given up: the largest one at a line of half a megabit.
const FILE_TIMEOUT: Duration = Duration::from_secs(360);

/// All routes.
pub(crate) fn router(app: Shared) -> Router {
    registered()
        .into_router()
        .merge(registered_members().into_router())
        .route("/sync/v1/ws", get(sync::upgrade))
        .merge(sync::poll::routes())
        .route("/sync/v1/snapshot/{stream}", get(snapshot::page))
        .merge(assets::routes())
        .merge(widget::routes())
        .merge(survey::routes())
        .fallback(failure::not_found)
        .method_not_allowed_fallback(failure::not_found)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIMEOUT,
        ))
        .merge(files())
        .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT))
        .layer(middleware::from_fn_with_state(app.clone(), frame::around))
        .with_state(app)
}

/// Pictures and files, of agents and of customers: they may take longer than other calls.
fn files() -> Router<Shared> {
    registered_files()
        .into_router()
        .merge(widget::file_routes())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            FILE_TIMEOUT,
        ))
}

/// Their REST routes.
fn registered_files() -> Routes {
    let (get, put) = (Method::GET, Method::PUT);
    Routes::new()
        .secured(
            &put,
            "/api/v1/files/{id}",
            Permission::ConvReply,
            MAX_UPLOAD_BYTES,
            admin::upload_file,
        )
        .secured(
            &get,
            "/api/v1/files/{id}",
            Permission::ConvView,
            0,
            admin::file,
        )
        .secured(
            &get,
            "/api/v1/files/{id}/thumb",
            Permission::ConvView,
            0,
            admin::thumb,
        )
}

/// Every REST route, with what it takes to call it.
fn registered() -> Routes {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    Routes::new()
        .open(&get, "/healthz", 0, admin::health)
        .open(&post, "/api/v1/setup", MAX_BODY_BYTES, admin::setup)
        .open(&post, "/api/v1/login", MAX_BODY_BYTES, admin::login)
        .open(
            &post,
            share::OPEN_PATH,
            MAX_BODY_BYTES,
            admin::share_by_password,
        )
        .secured(
            &post,
            "/api/v1/logout",
            Permission::PresenceSet,
            0,
            admin::logout,
        )
        .secured(
            &post,
            share::OWN_PATH,
            Permission::PresenceSet,
            0,
            admin::device_share,
        )
        .secured(
            &post,
            path::OWN_PASSWORD,
            Permission::PersonalEdit,
            MAX_BODY_BYTES,
            admin::own_password,
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
            &post,
            CELLS_PATH,
            Permission::MetricsView,
            MAX_BODY_BYTES,
            admin::metric_cells,
        )
        .secured(
            &post,
            ROWS_PATH,
            Permission::MetricsView,
            MAX_BODY_BYTES,
            admin::metric_rows,
        )
        .secured(
            &post,
            alert::path::PREVIEW,
            Permission::AlertView,
            MAX_BODY_BYTES,
            admin::alert_preview,
        )
        .secured(
            &get,
            alert::path::DELIVERY,
            Permission::AlertView,
            0,
            admin::delivery,
        )
        .secured(
            &post,
            alert::path::DELIVERY,
            Permission::AlertDeliver,
            MAX_BODY_BYTES,
            admin::save_delivery,
        )
        .secured(
            &post,
            alert::path::TEST,
            Permission::AlertDeliver,
            MAX_BODY_BYTES,
            admin::test_delivery,
        )
        .secured(
            &post,
            alert::path::RESEND,
            Permission::AlertDeliver,
            MAX_BODY_BYTES,
            admin::resend_delivery,
        )
        .secured(
            &post,
            alert::path::REPORT,
            Permission::MetricsView,
            MAX_BODY_BYTES,
            admin::mail_report,
        )
        .secured(
            &get,
            "/api/v1/audit/verify",
            Permission::AuditView,
            0,
            admin::verify_audit,
        )
}

/// Those about accounts and groups, as an administrator keeps them at the desk.
fn registered_members() -> Routes {
    let post = Method::POST;
    let list = Routes::new().secured(
        &Method::GET,
        path::MEMBERS,
        Permission::UserManage,
        0,
        admin::members,
    );
    let acts: [(&'static str, secured::Act); 6] = [
        (path::MEMBERS, admin::create_member),
        (path::EDIT, admin::edit_member),
        (path::PASSWORD, admin::reset_password),
        (path::ACTIVE, admin::set_member_active),
        (path::GROUP, admin::create_member_group),
        (path::GROUP_EDIT, admin::edit_group),
    ];
    acts.into_iter().fold(list, |routes, (path, act)| {
        routes.secured(&post, path, Permission::UserManage, MAX_BODY_BYTES, act)
    })
}

#[cfg(test)]
mod tests;
