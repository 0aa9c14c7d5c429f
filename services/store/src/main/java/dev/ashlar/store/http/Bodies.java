package dev.ashlar.store.http;

import java.util.function.Consumer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.store.boot.StoreConfig;
import dev.ashlar.store.boot.StoreMemory;

/** The bodies of all requests of the process, which share one bound on what is being received. */
@Singleton
public class Bodies {
    private final BodyReader reader;

    @Inject
    Bodies(Vertx vertx, StoreConfig config, StoreMemory memory) {
        reader = new BodyReader(vertx, config.valueBytesMax(), memory.bodyBytesInFlightMax());
    }

    BodyReader values() {
        return reader;
    }

    /** Reads a whole body of at most {@code bytesMax} bytes; calls at most one of the two. On the event loop of the request. */
    public void read(HttpServerRequest request, int bytesMax, Consumer<byte[]> whole, Consumer<ApiException> refused) {
        reader.read(request, bytesMax, "the body", whole, refused);
    }

    /** Answers that the request is refused although its body is not read: the connection ends with the answer. */
    public void refuse(HttpServerRequest request, ApiException problem) {
        reader.refuse(request, refused -> Problems.send(request, refused), problem);
    }
}
