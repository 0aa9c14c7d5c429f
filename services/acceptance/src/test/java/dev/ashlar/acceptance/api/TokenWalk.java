package dev.ashlar.acceptance.api;

import java.util.List;

/**
 * What every kind of token gets from every route: method and path; then what none, other, reader, writer and admin get: 401,
 * 403 or + for neither.
 */
final class TokenWalk {
    /** Who calls, in the order of the columns. */
    static final List<String> CALLERS = List.of("none", "other", "reader", "writer", "admin");

    static final List<String> STORE = List.of(
            "GET    /v1/kv/app/x                        401 403 +   +   +",
            "HEAD   /v1/kv/app/x                        401 403 +   +   +",
            "PUT    /v1/kv/app/x                        401 403 403 +   +",
            "DELETE /v1/kv/app/x                        401 403 403 +   +",
            "GET    /v1/kv/ap%70/x                      401 403 +   +   +",
            "GET    /v1/kv/app                          401 403 403 403 +",
            "GET    /v1/kv/app/../other                 401 403 +   +   +",
            "GET    /v1/kv?prefix=app/                  401 403 +   +   +",
            "GET    /v1/kv?pre%66ix=app/x               401 403 +   +   +",
            "GET    /v1/kv?from=app/                    401 403 403 403 +",
            "GET    /v1/kv                              401 403 403 403 +",
            "DELETE /v1/kv?prefix=app/none              401 403 403 +   +",
            "DELETE /v1/kv?prefix=                      401 403 403 403 +",
            // Not a stream without an end: the parameter that does not exist is refused behind the gate.
            "GET    /v1/watch?no=1                      401 403 403 403 +",
            "GET    /v1/watch?prefix=app/&no=1          401 403 +   +   +",
            "GET    /v1/watch?key=app/x&no=1            401 403 +   +   +",
            "POST   /v1/locks/app/l                     401 403 403 +   +",
            "DELETE /v1/locks/app/l                     401 403 403 +   +",
            "POST   /v1/locks/app/../other              401 403 403 +   +",
            "POST   /v1/locks/other/../app/l            401 +   403 403 +",
            "POST   /v1/txn                             401 +   +   +   +",
            "POST   /v1/batch                           401 +   +   +   +",
            "GET    /v1/backup                          401 403 403 403 +",
            "GET    /v1/cluster                         401 +   +   +   +",
            "GET    /v1/nothing                         401 403 403 403 +",
            "GET    /q/openapi                          401 403 403 403 +",
            "GET    /internal/v1/shards/0/scan          401 403 403 403 403",
            "GET    //internal/v1/shards/0/scan         401 403 403 403 403",
            "GET    /%69nternal/v1/shards/0/scan        401 403 403 403 403",
            "GET    /v1/cluster/../../internal/v1/shards/0/scan 401 403 403 403 403");

    static final List<String> COORDINATOR = List.of(
            "GET    /                             +   +   +   +   +",
            "GET    /v1/cluster                   401 +   +   +   +",
            "GET    /v1/events                    401 +   +   +   +",
            "GET    /v1/events/stream?no=1        401 +   +   +   +",
            "GET    /v1/gate                      401 +   +   +   +",
            "GET    /v1/backup                    401 403 403 403 +",
            "POST   /v1/finalize                  401 403 403 403 +",
            "POST   /v1/stores/store-9/drain      401 403 403 403 +",
            "POST   /v1/stores/store-9/undrain    401 403 403 403 +",
            "POST   /v1/stores/store-9/decommission 401 403 403 403 +",
            "POST   /v1/shards/99/transfer        401 403 403 403 +",
            "GET    /v1/nothing                   401 403 403 403 +",
            "GET    /internal/v1/bootstrap        401 403 403 403 403",
            "POST   /internal/v1/stores/register  401 403 403 403 403",
            "POST   /internal/v1/stores/heartbeat 401 403 403 403 403");

    private TokenWalk() {}

    /** Method and path of each row. */
    static List<String> calls(List<String> rows) {
        return rows.stream()
                .map(row -> row.split(" +"))
                .map(cells -> cells[0] + " " + cells[1])
                .toList();
    }
}
