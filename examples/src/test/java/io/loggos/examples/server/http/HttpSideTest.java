package io.loggos.examples.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.server.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of HTTP/1.1 byte by byte: what clients send and when they go. */
class HttpSideTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String VERSION = "{\"etcdserver\":\"3.5.0\",\"etcdcluster\":\"3.5.0\"}";

    private final LocalServer server = new LocalServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aRequestMayComeByteByByte() throws Exception {
        try (Client client = new Client()) {
            for (char next : post("/v3/kv/put", "{\"key\":\"YQ==\"}").toCharArray()) {
                client.send(Character.toString(next));
            }
            assertTrue(client.answer().contains("\"revision\":\"2\""));
        }
    }

    @Test
    void requestsInOneSegmentAreAnsweredInTheirOrder() throws Exception {
        try (Client client = new Client()) {
            client.send("GET /version HTTP/1.1\r\n\r\n" + post("/v3/kv/put", "{\"key\":\"YQ==\"}")
                    + "GET /readyz HTTP/1.1\r\n\r\n" + "GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertEquals(VERSION, client.answer());
            assertTrue(client.answer().contains("\"revision\":\"2\""));
            assertEquals("ok\n", client.answer());
            assertEquals("404 page not found\n", client.answer());
            assertEquals(-1, client.reader.read());
        }
    }

    @Test
    void oldHttpAndGarbageEndTheConnection() throws Exception {
        try (Client client = new Client()) {
            client.send("GET /version HTTP/1.0\r\n\r\n");
            assertEquals(VERSION, client.answer());
            assertEquals(-1, client.reader.read());
        }
        try (Client client = new Client()) {
            client.send("PRX\u0001garbage\r\n\r\n");
            assertEquals("HTTP/1.1 400 Bad Request", client.head());
            client.reader.transferTo(Writer.nullWriter());
        }
    }

    @Test
    void headHasNoBodyAndTheNextRequestIsRead() throws Exception {
        try (Client client = new Client()) {
            client.send("HEAD /version HTTP/1.1\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", client.head());
            client.send("GET /livez HTTP/1.1\r\n\r\n");
            assertEquals("ok\n", client.answer());
        }
    }

    @Test
    void keepAlivesAreAnsweredWhileTheRequestGoesOn() throws Exception {
        try (Client client = new Client()) {
            client.send(post("/v3/lease/grant", "{\"ID\":7,\"TTL\":100}"));
            assertTrue(client.answer().contains("\"ID\":\"7\""));
            client.send("POST /v3/lease/keepalive HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                client.chunk("{\"ID\"");
                client.chunk(":\"7\"}");
                if (i == 0) {
                    assertEquals("HTTP/1.1 200 OK", client.head());
                }
                assertTrue(client.part().contains("\"ID\":\"7\",\"TTL\":\"100\"}}\n"));
            }
            client.send("0\r\n\r\n");
            assertEquals("", client.part());
            client.send("GET /livez HTTP/1.1\r\n\r\n");
            assertEquals("ok\n", client.answer());
        }
    }

    @Test
    void aCandidateThatGoesIsWithdrawn() throws Exception {
        try (Client leader = new Client();
                Client candidate = new Client()) {
            leader.send(post("/v3/election/campaign", "{\"name\":\"ZQ==\",\"value\":\"MQ==\"}"));
            assertTrue(leader.answer().contains("\"leader\""));
            candidate.send(post("/v3/election/campaign", "{\"name\":\"ZQ==\",\"value\":\"Mg==\"}"));
            await().atMost(DEADLINE).until(() -> candidates() == 2);
            candidate.leave();
            await().atMost(DEADLINE).until(() -> candidates() == 1);
        }
    }

    private long candidates() {
        return KVGrpc.newBlockingStub(server.channel)
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("e/"))
                        .setRangeEnd(ByteString.copyFromUtf8("e0"))
                        .setCountOnly(true)
                        .build())
                .getCount();
    }

    @Test
    void aCallEndsAtItsDeadline() throws Exception {
        try (Client client = new Client()) {
            client.send(post("/v3/lock/lock", "{\"name\":\"bA==\"}"));
            assertTrue(client.answer().contains("\"key\""));
            client.send("POST /v3/lock/lock HTTP/1.1\r\nGrpc-Timeout: 50m\r\nContent-Length: 15\r\n\r\n"
                    + "{\"name\":\"bA==\"}");
            assertEquals(
                    "{\"error\":\"context deadline exceeded\",\"message\":\"context deadline exceeded\",\"code\":4}",
                    client.answer());
        }
    }

    @Test
    void metadataOfTheCallComesInHeaders() throws Exception {
        server.replica.leader(null);
        try (Client client = new Client()) {
            client.send("POST /v3/kv/range HTTP/1.1\r\nGrpc-Metadata-hasleader: true\r\nContent-Length: 14\r\n\r\n"
                    + "{\"key\":\"YQ==\"}");
            assertEquals(
                    "{\"error\":\"etcdserver: no leader\",\"message\":\"etcdserver: no leader\",\"code\":14}",
                    client.answer());
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedBeforeItIsThere() throws Exception {
        try (Client client = new Client()) {
            client.send("POST /v3/kv/put HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            AtomicBoolean ended = new AtomicBoolean();
            Thread sender = new Thread(() -> {
                try {
                    client.chunk("{\"value\":\"");
                    while (!ended.get()) {
                        client.chunk("A".repeat(1 << 16));
                    }
                } catch (IOException closed) {
                    // As it should.
                }
            });
            sender.start();
            assertEquals("HTTP/1.1 429 Too Many Requests", client.head());
            ended.set(true);
            sender.join();
        }
    }

    /** Nothing is lost of what the server could not send at once. */
    @Test
    void aWatcherThatReadsLateGetsAll() throws Exception {
        KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(server.channel);
        ByteString key = ByteString.copyFromUtf8("a");
        int puts = 40;
        try (Client client = new Client()) {
            client.send(post("/v3/watch", "{\"create_request\":{\"key\":\"YQ==\"}}"));
            assertEquals("HTTP/1.1 200 OK", client.head());
            assertTrue(client.part().contains("\"created\":true"));
            for (int i = 1; i <= puts; i++) {
                kv.put(PutRequest.newBuilder()
                        .setKey(key)
                        .setValue(ByteString.copyFrom(new byte[1 << 20]))
                        .build());
            }
            assertEquals(
                    1, kv.range(RangeRequest.newBuilder().setKey(key).build()).getCount());
            String value = Base64.getEncoder().encodeToString(new byte[1 << 20]);
            int seen = 0;
            while (seen < puts) {
                String part = client.part();
                for (int at = part.indexOf(value); at >= 0; at = part.indexOf(value, at + 1)) {
                    seen++;
                    assertTrue(part.contains("\"mod_revision\":\"" + (1 + seen) + "\""), () -> part.substring(0, 200));
                }
            }
        }
    }

    @Test
    void theServerEndsWithIdleAndWatchingConnections() throws Exception {
        try (Client idle = new Client();
                Client watching = new Client()) {
            idle.send("GET /livez HTTP/1.1\r\n\r\n");
            assertEquals("ok\n", idle.answer());
            watching.send(post("/v3/watch", "{\"create_request\":{\"key\":\"YQ==\"}}"));
            assertEquals("HTTP/1.1 200 OK", watching.head());
            server.stop();
            assertEquals(-1, idle.reader.read());
            assertTrue(watching.part().contains("\"created\""));
            assertTrue(watching.part().contains("etcdserver: server stopped"));
        }
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A socket whose answers are read by hand. */
    private final class Client implements AutoCloseable {
        private final Socket socket =
                new Socket(server.address().host(), server.address().port());
        private final OutputStream out = socket.getOutputStream();
        private final BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        private int length;

        Client() throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) DEADLINE.toMillis());
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void chunk(String text) throws IOException {
            send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        /** Reads the head of an answer and returns its first line. */
        String head() throws IOException {
            String first = String.valueOf(reader.readLine());
            for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
                if (line.startsWith("content-length: ")) {
                    length = Integer.parseInt(line.substring("content-length: ".length()));
                }
            }
            return first;
        }

        /** Reads a whole answer with a length and returns its body. */
        String answer() throws IOException {
            length = -1;
            String first = head();
            assertTrue(length >= 0, first);
            return exactly(length);
        }

        /** Reads one part of an answer in parts; the last one is empty. */
        String part() throws IOException {
            int size = Integer.parseInt(reader.readLine(), 16);
            String text = exactly(size);
            reader.readLine();
            return text;
        }

        private String exactly(int size) throws IOException {
            char[] text = new char[size];
            int at = 0;
            while (at < size) {
                at += reader.read(text, at, size - at);
            }
            return new String(text);
        }

        void leave() throws IOException {
            socket.close();
        }

        @Override
        public void close() throws IOException {
            leave();
        }
    }
}
