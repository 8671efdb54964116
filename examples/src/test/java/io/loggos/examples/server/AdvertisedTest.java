package io.loggos.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Address;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The entry of a member in the list of members. */
class AdvertisedTest {
    private static final Address EVERYWHERE = new Address("0.0.0.0", 2379);
    private static final Address HERE = new Address("127.0.0.1", 2379);

    @Test
    void anAddressThatLeadsNowhereIsNotAdvertised() {
        assertEquals(List.of(), Advertised.LISTENING.clients(false, EVERYWHERE));
        assertEquals(List.of("http://127.0.0.1:2379"), Advertised.LISTENING.clients(false, HERE));
        assertEquals(List.of("https://127.0.0.1:2379"), Advertised.LISTENING.peers(true, HERE));
    }

    @Test
    void whatIsAdvertisedReplacesTheAddress() {
        Advertised advertised = new Advertised(List.of("https://peers:1"), Advertised.parse("http://a:1,http://b:2"));
        assertEquals(List.of("https://peers:1"), advertised.peers(false, EVERYWHERE));
        assertEquals(List.of("http://a:1", "http://b:2"), advertised.clients(false, HERE));
    }
}
