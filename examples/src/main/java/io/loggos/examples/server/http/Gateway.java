package io.loggos.examples.server.http;

import com.google.protobuf.MessageLite;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaders;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** etcd's JSON gateway: each path is a method of a gRPC service. */
final class Gateway {
    /** The paths, without their prefix, and the methods. */
    private static final Map<String, String> ROUTES = routes();

    private static final List<String> PREFIXES = List.of("/v3/", "/v3beta/");
    /** Headers with this prefix are metadata of the call. */
    private static final String METADATA = "grpc-metadata-";

    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");

    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    private final BodyRoom room;

    /**
     * @param services the services behind the paths
     * @param mostMessageBytes the most bytes of a message as a protocol buffer
     */
    Gateway(List<ServerServiceDefinition> services, int mostMessageBytes) {
        room = new BodyRoom(mostMessageBytes);
        services.forEach(service -> service.getMethods()
                .forEach(method -> methods.put(method.getMethodDescriptor().getFullMethodName(), method)));
    }

    /** Returns true if a path is below the gateway's. */
    static boolean isBelow(String path) {
        return PREFIXES.stream().anyMatch(path::startsWith);
    }

    /** Begins a call. */
    Exchange call(String path, HttpRequest request, Reply reply) {
        String route = ROUTES.get(path.substring(path.indexOf('/', 1) + 1));
        ServerMethodDefinition<?, ?> method = route == null ? null : methods.get(route);
        if (route == null) {
            ChannelFuture unused = reply.whole(404, PageExchange.PLAIN_TEXT, "Not Found\n");
        } else if (!request.method().equals(HttpMethod.POST)) {
            ChannelFuture unused = reply.whole(405, PageExchange.PLAIN_TEXT, "Method Not Allowed\n");
        } else if (method == null) {
            Status unknown = Status.UNIMPLEMENTED.withDescription("loggos: there is no " + route);
            ChannelFuture unused = reply.whole(501, "application/json", JsonText.error(unknown), false);
        } else {
            return call(method, request.headers(), reply);
        }
        return new PageExchange();
    }

    @SuppressWarnings("unchecked") // Whoever reads requests of a type has their prototype.
    private <Q, A> Exchange call(ServerMethodDefinition<Q, A> method, HttpHeaders headers, Reply reply) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        MethodDescriptor.PrototypeMarshaller<MessageLite> marshaller =
                (MethodDescriptor.PrototypeMarshaller<MessageLite>) descriptor.getRequestMarshaller();
        Q prototype = (Q) marshaller.getMessagePrototype();
        GatewayCall<Q, A> call = new GatewayCall<>(
                descriptor, prototype, reply, attributes(reply.context().channel()), room);
        call.start(method, metadata(headers), timeoutNanos(headers.get("grpc-timeout")));
        return call;
    }

    private static Attributes attributes(Channel connection) {
        Attributes.Builder attributes = Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, connection.remoteAddress())
                .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, connection.localAddress());
        SslHandler tls = connection.pipeline().get(SslHandler.class);
        if (tls != null) {
            attributes.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, tls.engine().getSession());
        }
        return attributes.build();
    }

    private static Metadata metadata(HttpHeaders headers) {
        Metadata metadata = new Metadata();
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (authorization != null) {
            metadata.put(AUTHORIZATION, authorization);
        }
        headers.forEach(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(METADATA)
                    && name.length() > METADATA.length()
                    && !name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                metadata.put(key(name.substring(METADATA.length())), header.getValue());
            }
        });
        return metadata;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Returns the time of a header like {@code 100m}, as gRPC writes it; negative if there is none. */
    static long timeoutNanos(@Nullable String header) {
        if (header == null || !header.matches("\\d{1,8}[HMSmun]")) {
            return -1;
        }
        long amount = Long.parseLong(header.substring(0, header.length() - 1));
        TimeUnit unit = switch (header.charAt(header.length() - 1)) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            default -> TimeUnit.NANOSECONDS;
        };
        return unit.toNanos(amount);
    }

    private static Map<String, String> routes() {
        Map<String, String> routes = new HashMap<>();
        Map.of(
                        "kv/range", "KV/Range",
                        "kv/put", "KV/Put",
                        "kv/deleterange", "KV/DeleteRange",
                        "kv/txn", "KV/Txn",
                        "kv/compaction", "KV/Compact",
                        "watch", "Watch/Watch",
                        "lease/grant", "Lease/LeaseGrant",
                        "lease/keepalive", "Lease/LeaseKeepAlive")
                .forEach((path, method) -> routes.put(path, "etcdserverpb." + method));
        // These two places are from different versions of etcd.
        for (String place : List.of("lease/", "kv/lease/")) {
            Map.of("revoke", "LeaseRevoke", "timetolive", "LeaseTimeToLive", "leases", "LeaseLeases")
                    .forEach((path, method) -> routes.put(place + path, "etcdserverpb.Lease/" + method));
        }
        for (String change : List.of("add", "remove", "update", "list", "promote")) {
            routes.put("cluster/member/" + change, "etcdserverpb.Cluster/Member" + capital(change));
        }
        Map.of(
                        "alarm", "Alarm",
                        "status", "Status",
                        "defragment", "Defragment",
                        "hash", "Hash",
                        "hashkv", "HashKV",
                        "snapshot", "Snapshot",
                        "transfer-leadership", "MoveLeader")
                .forEach((path, method) -> routes.put("maintenance/" + path, "etcdserverpb.Maintenance/" + method));
        Map.of("enable", "AuthEnable", "disable", "AuthDisable", "status", "AuthStatus", "authenticate", "Authenticate")
                .forEach((path, method) -> routes.put("auth/" + path, "etcdserverpb.Auth/" + method));
        Map.of(
                        "add", "Add",
                        "get", "Get",
                        "list", "List",
                        "delete", "Delete",
                        "changepw", "ChangePassword",
                        "grant", "GrantRole",
                        "revoke", "RevokeRole")
                .forEach((path, method) -> routes.put("auth/user/" + path, "etcdserverpb.Auth/User" + method));
        Map.of(
                        "add", "Add",
                        "get", "Get",
                        "list", "List",
                        "delete", "Delete",
                        "grant", "GrantPermission",
                        "revoke", "RevokePermission")
                .forEach((path, method) -> routes.put("auth/role/" + path, "etcdserverpb.Auth/Role" + method));
        for (String step : List.of("lock", "unlock")) {
            routes.put("lock/" + step, "v3lockpb.Lock/" + capital(step));
        }
        for (String step : List.of("campaign", "proclaim", "leader", "observe", "resign")) {
            routes.put("election/" + step, "v3electionpb.Election/" + capital(step));
        }
        return Map.copyOf(routes);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
