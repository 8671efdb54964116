package io.loggos.examples.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.api.Address;
import io.loggos.examples.server.LocalServer;
import io.loggos.examples.server.RealEtcd;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the JSON gateways of a real etcd and of this server the same, and compares code, type and text. */
class GatewayConformanceTest {
    @TempDir
    Path directory;

    @Test
    void answersAsEtcdDoes() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(directory);
                LocalServer ours = new LocalServer()) {
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            assertEquals(String.join("\n", talk(etcd.address)), String.join("\n", talk(ours.address())));
        }
    }

    private static List<String> talk(Address address) throws Exception {
        Conversation with = new Conversation(address);
        keys(with);
        transactions(with);
        refusals(with);
        leases(with);
        streams(with);
        services(with);
        return with.said;
    }

    private static void keys(Conversation with) throws Exception {
        with.post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"Yg==\"}");
        with.post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"Yw==\",\"prevKv\":true}");
        with.post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"ZA==\",\"prev_kv\":true}");
        with.post("/v3/kv/put", "{\"key\":\"_-8=\",\"value\":\"\"}".replace("_-8=", "/+8="));
        with.post("/v3/kv/range", "{\"key\":\"YQ==\"}");
        with.post("/v3/kv/range", "{\"key\":\"AA==\",\"range_end\":\"AA==\"}");
        with.post("/v3/kv/range", "{\"key\":\"AA==\",\"rangeEnd\":\"AA==\",\"limit\":\"1\",\"sortOrder\":\"DESCEND\"}");
        with.post("/v3/kv/range", "{\"key\":\"AA==\",\"range_end\":\"AA==\",\"limit\":1,\"sort_order\":1}");
        with.post("/v3/kv/range", "{\"key\":\"AA==\",\"range_end\":\"AA==\",\"count_only\":true}");
        with.post("/v3/kv/range", "{\"key\":\"YQ==\",\"revision\":\"2\",\"keysOnly\":true,\"unknown\":{\"x\":[1]}}");
        with.post("/v3beta/kv/range", "{\"key\":\"YQ==\"}");
        with.post("/v3/kv/deleterange", "{\"key\":\"YQ==\",\"prev_kv\":true}");
        with.post("/v3/kv/compaction", "{\"revision\":\"3\"}");
        with.post("/v3/kv/compaction", "{\"revision\":3}");
        with.post("/v3/kv/range", "{\"key\":\"YQ==\"} and what follows is ignored");
    }

    private static void transactions(Conversation with) throws Exception {
        with.post(
                "/v3/kv/txn",
                "{\"compare\":[{\"target\":\"VERSION\",\"key\":\"YQ==\",\"version\":0}],"
                        + "\"success\":[{\"requestPut\":{\"key\":\"YQ==\",\"value\":\"PDw+Pic=\"}},"
                        + "{\"request_range\":{\"key\":\"YQ==\"}}],\"failure\":[]}");
        with.post(
                "/v3/kv/txn",
                "{\"compare\":[{\"target\":0,\"key\":\"YQ==\",\"version\":\"7\",\"result\":\"GREATER\"}],"
                        + "\"success\":[{\"requestPut\":{\"key\":\"YQ==\"}}],"
                        + "\"failure\":[{\"requestDeleteRange\":{\"key\":\"YQ==\",\"prevKv\":true}},"
                        + "{\"requestTxn\":{\"success\":[{\"requestRange\":{\"key\":\"YQ==\"}}]}}]}");
        with.post("/v3/kv/txn", "{}");
        with.post("/v3/kv/txn", "{\"success\":[{}]}");
    }

    private static void refusals(Conversation with) throws Exception {
        with.post("/v3/kv/range", "");
        with.post("/v3/kv/range", "{}");
        with.post("/v3/kv/range", "null");
        with.code("/v3/kv/range", "{bad");
        with.code("/v3/kv/range", "[]");
        with.code("/v3/kv/range", "5");
        with.code("/v3/kv/range", "{\"key\":\"?\"}");
        with.code("/v3/kv/range", "{\"key\":\"YQ==\",\"limit\":\"x\"}");
        with.code("/v3/watch", "{bad");
        with.code("/v3/lease/keepalive", "{\"ID\":");
        with.post("/v3/kv/range", "{\"key\":\"YQ==\",\"revision\":1000}");
        with.post("/v3/kv/range", "{\"key\":\"YQ==\",\"revision\":1}");
        with.post("/v3/kv/put", "{\"key\":\"YQ==\",\"lease\":999}");
        with.post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"YQ==\",\"ignoreValue\":true}");
        with.post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"" + "AAAA".repeat(1_000_000) + "\"}");
        with.post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"" + "AAAA".repeat(600_000) + "\"}");
        for (String path : List.of("/v3/kv/range", "/v3/", "/v3/nothing", "/v3alpha/kv/range", "/", "/v3/kv/range/")) {
            with.ask("GET", path, "");
        }
        with.ask("POST", "/v3/kv/range/", "{\"key\":\"YQ==\"}");
        with.ask("POST", "/v3/maintenance/hashkv/no", "{}");
        with.ask("PUT", "/v3/kv/put", "{\"key\":\"YQ==\"}");
        with.ask("OPTIONS", "/v3/kv/put", "");
        with.ask("POST", "/health", "x");
    }

    private static void leases(Conversation with) throws Exception {
        with.post("/v3/lease/grant", "{\"TTL\":\"100\",\"ID\":\"77\"}");
        with.post("/v3/lease/grant", "{\"TTL\":100,\"ID\":77}");
        with.post("/v3/kv/put", "{\"key\":\"bA==\",\"value\":\"bA==\",\"lease\":77}");
        with.post("/v3/kv/range", "{\"key\":\"bA==\"}");
        for (String place : List.of("/v3/lease/", "/v3/kv/lease/", "/v3beta/kv/lease/")) {
            with.post(place + "leases", "{}");
            with.post(place + "timetolive", "{\"ID\":77,\"keys\":true}");
            with.post(place + "timetolive", "{\"ID\":78}");
            with.post(place + "revoke", "{\"ID\":78}");
        }
        with.post("/v3/lease/keepalive", "{\"ID\":77}\n{\"ID\":77}");
        with.post("/v3/lease/keepalive", "{\"ID\":78}");
        with.post("/v3/lease/keepalive", "");
        with.post("/v3/lease/keepalive", "{\"ID\":77}{bad");
        with.post("/v3/lease/revoke", "{\"ID\":77}");
    }

    private static void streams(Conversation with) throws Exception {
        with.watch("{\"create_request\":{\"key\":\"YQ==\",\"range_end\":\"eg==\",\"start_revision\":\"6\"}}", 2);
        with.watch("{\"createRequest\":{\"key\":\"bA==\",\"startRevision\":\"5\",\"prevKv\":true,\"watchId\":9}}", 2);
        with.watch(
                "{\"create_request\":{\"key\":\"YQ==\"}}{\"create_request\":{\"key\":\"YQ==\"}}"
                        + "{\"cancel_request\":{\"watch_id\":1}}{\"progress_request\":{}}",
                4);
        with.watch("{\"create_request\":{\"key\":\"bA==\",\"start_revision\":5,\"filters\":[\"NOPUT\"]}}", 2);
    }

    private static void services(Conversation with) throws Exception {
        with.post("/v3/lease/grant", "{\"TTL\":100,\"ID\":79}");
        with.post("/v3/lock/lock", "{\"name\":\"bG9jaw==\",\"lease\":79}");
        with.post("/v3/lock/unlock", "{\"key\":\"bG9jay80Zg==\"}");
        with.post("/v3/election/leader", "{\"name\":\"ZQ==\"}");
        with.post("/v3/election/campaign", "{\"name\":\"ZQ==\",\"value\":\"dg==\",\"lease\":79}");
        with.post("/v3/election/leader", "{\"name\":\"ZQ==\"}");
        with.stream("/v3/election/observe", "{\"name\":\"ZQ==\"}", 1);
        with.post("/v3/election/proclaim", "{}");
        with.post("/v3/election/resign", "{}");
        with.post("/v3/maintenance/transfer-leadership", "{\"targetID\":1}");
    }

    /** Requests in turn, and what came back without the parts that differ between clusters. */
    private static final class Conversation {
        private final List<String> said = new ArrayList<>();
        private final String base;

        Conversation(Address address) {
            base = "http://" + address;
        }

        void post(String path, String body) throws IOException {
            ask("POST", path, body);
        }

        /** Compares the code of an error alone, whose text is of the reader of JSON. */
        void code(String path, String body) throws IOException {
            HttpURLConnection answer = request("POST", path, body);
            said.add(path + " " + body + "\n" + answer.getResponseCode() + " "
                    + text(answer).replaceAll("\"(error|message)\":\"([^\"\\\\]|\\\\.)*\"", "\"$1\":…"));
        }

        void ask(String method, String path, String body) throws IOException {
            HttpURLConnection answer = request(method, path, body);
            said.add(method + " " + path + " " + body.substring(0, Math.min(100, body.length())) + "\n"
                    + answer.getResponseCode() + " "
                    + answer.getHeaderField("Content-Type") + " "
                    + answer.getHeaderField("Grpc-Metadata-Content-Type") + " "
                    + answer.getHeaderField("Access-Control-Allow-Origin") + "\n"
                    + withoutCluster(text(answer)));
        }

        void watch(String body, int lines) throws IOException {
            stream("/v3/watch", body, lines);
        }

        /** Compares the first lines of a stream, which is then left. */
        void stream(String path, String body, int lines) throws IOException {
            HttpURLConnection answer = request("POST", path, body);
            said.add(path + " " + body + "\n" + answer.getResponseCode());
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(answer.getInputStream(), StandardCharsets.UTF_8));
            for (int i = 0; i < lines; i++) {
                said.add(withoutCluster(reader.readLine()));
            }
            answer.disconnect();
        }

        private HttpURLConnection request(String method, String path, String body) throws IOException {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(base + path).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setReadTimeout(30_000);
            if (!body.isEmpty() || method.equals("POST")) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            return connection;
        }

        private static String text(HttpURLConnection answer) throws IOException {
            try (InputStream stream =
                    answer.getResponseCode() < 400 ? answer.getInputStream() : answer.getErrorStream()) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        private static String withoutCluster(String text) {
            return text.replaceAll("\"(cluster_id|member_id|raft_term)\":\"\\d+\",?", "")
                    .replace(",}", "}")
                    .replaceAll("\"TTL\":\"(99|100)\"", "\"TTL\":\"100\"");
        }
    }
}
