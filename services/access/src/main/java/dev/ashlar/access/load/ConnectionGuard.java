package dev.ashlar.access.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.common.Limits;

/**
 * Watches every connection that a process accepts, on any port (S8).
 *
 * <ol>
 *   <li>An address may have so many connections to one port; a further one is closed.
 *   <li>The head of an HTTP request must be whole within ten seconds of its first byte: a client that sends it a byte at a
 *       time is closed.
 *   <li>A body must go on: one that is read but brings next to nothing in half a minute is closed.
 * </ol>
 *
 * <p>The framework has no hook for this, so it is a service of the network library, found by its name in
 * {@code META-INF/services} once {@link #install} has asked for such services. Each connection is on its event loop.
 */
public final class ConnectionGuard extends ChannelInitializerExtension {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
    private static final String SETTING = "ASHLAR_CONNECTIONS_PER_CLIENT_MAX";
    private static final String DECODER = "httpDecoder";
    private static final long LOOK_MS = 5_000;
    private static final long HEAD_NANOS_MAX = 10_000_000_000L;
    private static final long BODY_NANOS_MAX = 30_000_000_000L;
    private static final long BODY_BYTES_MIN = 64;
    private static final long LOG_EVERY_NANOS = 60_000_000_000L;

    private record Client(int port, InetAddress address) {}

    private final int perClientMax = perClientMax(System.getenv().getOrDefault(SETTING, ""));
    private final Map<Client, Integer> connections = new ConcurrentHashMap<>();
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    /** To be called before anything listens. */
    public static void install() {
        System.setProperty("io.netty.bootstrap.extensions", "serviceload");
    }

    /**
     * Reads the setting.
     *
     * @throws IllegalArgumentException when it is no number from 1
     */
    static int perClientMax(String setting) {
        if (setting.isBlank()) {
            return Limits.CONNECTIONS_PER_CLIENT_MAX;
        }
        int max = Integer.parseInt(setting.strip());
        if (max < 1) {
            throw new IllegalArgumentException(SETTING + " is " + max + "; it must be at least 1");
        }
        return max;
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst("ashlar-guard", new Guard());
    }

    private boolean comes(Client client) {
        return connections.merge(client, 1, Integer::sum) <= perClientMax;
    }

    private void goes(Client client) {
        connections.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    private void log(Client client) {
        long now = System.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_EVERY_NANOS)) {
            LOG.warn(
                    "{} has more than {} connections to port {}: further ones are closed",
                    client.address().getHostAddress(),
                    perClientMax,
                    client.port());
        }
    }

    /** The first handler of a connection: it sees the bytes as they come. */
    private final class Guard extends ChannelInboundHandlerAdapter {
        private final Heads heads = new Heads();
        private long bytes;
        private long bytesThen;
        private long bytesThenNanos;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (context.channel().remoteAddress() instanceof InetSocketAddress remote
                    && context.channel().localAddress() instanceof InetSocketAddress local) {
                Client client = new Client(local.getPort(), remote.getAddress());
                context.channel().closeFuture().addListener(closed -> goes(client));
                if (!comes(client)) {
                    log(client);
                    context.close();
                    return;
                }
            }
            var look = context.executor()
                    .scheduleWithFixedDelay(() -> look(context), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
            context.channel().closeFuture().addListener(closed -> look.cancel(false));
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf part) {
                bytes += part.readableBytes();
                if (!heads.watching && context.pipeline().context(DECODER) != null) {
                    heads.watching = true;
                    context.pipeline().addAfter(DECODER, "ashlar-heads", heads);
                }
                if (heads.watching && !heads.inBody && heads.headSinceNanos == 0) {
                    heads.headSinceNanos = System.nanoTime() | 1; // never 0
                }
            }
            context.fireChannelRead(message);
        }

        private void look(ChannelHandlerContext context) {
            long now = System.nanoTime();
            if (heads.headSinceNanos != 0 && !heads.inBody && now - heads.headSinceNanos > HEAD_NANOS_MAX) {
                context.close();
            }
            boolean stalls =
                    heads.inBody && context.channel().config().isAutoRead() && bytes - bytesThen < BODY_BYTES_MIN;
            if (!stalls) {
                bytesThen = bytes;
                bytesThenNanos = now;
            } else if (now - bytesThenNanos > BODY_NANOS_MAX) {
                context.close();
            }
        }
    }

    /** Behind the decoder: it sees where heads and bodies end. */
    private static final class Heads extends ChannelInboundHandlerAdapter {
        private boolean watching;
        private boolean inBody;
        private long headSinceNanos;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                inBody = true;
                headSinceNanos = 0;
            }
            if (message instanceof LastHttpContent) {
                inBody = false;
                headSinceNanos = 0;
            }
            context.fireChannelRead(message);
        }
    }
}
