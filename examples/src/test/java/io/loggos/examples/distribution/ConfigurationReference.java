package io.loggos.examples.distribution;

import io.loggos.api.group.GroupOptions;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.examples.cli.Loggos;
import io.loggos.examples.cli.options.EndpointsOption;
import java.io.IOException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The text of CONFIGURATION.md, from the commands' own options and from the builders of the library. */
final class ConfigurationReference {
    /** The file, in the folder of this module, where the tests run. */
    static final Path FILE = Path.of("CONFIGURATION.md");

    private static final int LINE = 120;
    private static final Path API = Path.of("../api/src/main/java");
    private static final List<Class<?>> BUILDERS = List.of(
            NodeBuilder.class,
            TimingOptions.Builder.class,
            SecurityOptions.Builder.class,
            TransportOptions.Builder.class,
            StorageOptions.Builder.class,
            UserCodeOptions.Builder.class,
            ReplicaOptions.Builder.class,
            GroupOptions.Builder.class,
            SnapshotOptions.Builder.class);

    private static final Pattern METHOD = Pattern.compile("\\*/\\s*public (?:Node)?Builder (\\w+)\\(");
    private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)? ([^}\\s]+)(?: [^}]*)?}");
    private static final Pattern CODE = Pattern.compile("\\{@code ([^}]+)}");

    private final StringBuilder text = new StringBuilder();

    private ConfigurationReference() {}

    static String text() throws IOException {
        ConfigurationReference reference = new ConfigurationReference();
        reference.line("# Configuration");
        reference.paragraph("The first part lists the commands with their flags, the second the options of the library."
                + " A test writes this file from the options themselves: `ConfigurationReferenceTest` says how.");
        reference.line("## Commands");
        reference.paragraph("A flag of `loggos server` is also a setting of its configuration file, by its name without"
                + " dashes: `--listen-client` is `listen-client`. A switch is `= true` there, and"
                + " `--peer 2=HOST:PORT` is `peer.2 = HOST:PORT`. A flag wins over the file. The file is in the format"
                + " of Java properties. A time is `500ms`, `2s` or `1m`.");
        reference.command(Loggos.commandLine().getCommandSpec());
        reference.line("### Flags to reach a cluster");
        CommandSpec.forAnnotatedObject(new EndpointsOption()).options().forEach(reference::argument);
        reference.text.append('\n');
        reference.line("## Options of the library");
        reference.paragraph(
                "All have defaults, but for the number, the address and the directory of a node. Each builder"
                        + " reports everything that is wrong at once.");
        for (Class<?> builder : BUILDERS) {
            reference.builder(builder);
        }
        return reference.text.toString();
    }

    private void command(CommandSpec command) {
        if (command.usageMessage().hidden() || command.userObject() instanceof CommandLine.HelpCommand) {
            return;
        }
        line("### " + command.qualifiedName());
        Stream.of(command.usageMessage().description())
                .filter(each -> !each.isEmpty())
                .forEach(this::paragraph);
        List<ArgSpec> shown = Stream.concat(command.positionalParameters().stream(), command.options().stream())
                .filter(each -> !each.hidden() && !isOfAll(command, each) && !isOfRunning(each))
                .toList();
        if (command.options().stream().anyMatch(ConfigurationReference::isOfRunning)) {
            paragraph("Takes the [flags to reach a cluster](#flags-to-reach-a-cluster).");
        }
        shown.forEach(this::argument);
        if (!shown.isEmpty()) {
            text.append('\n');
        }
        // Those of a method are in no order of their own.
        Map<String, CommandLine> subcommands =
                command.parent() == null ? command.subcommands() : new TreeMap<>(command.subcommands());
        subcommands.values().forEach(subcommand -> command(subcommand.getCommandSpec()));
    }

    /** True for the flags to reach a running cluster, which have a section of their own. */
    private static boolean isOfRunning(ArgSpec argument) {
        return argument.userObject() instanceof Member member && member.getDeclaringClass() == EndpointsOption.class;
    }

    /** True for --help, --version and what is inherited from above. */
    private static boolean isOfAll(CommandSpec command, ArgSpec argument) {
        boolean atTheTop = command.parent() == null;
        return argument instanceof OptionSpec option
                && (option.usageHelp() || option.versionHelp() || (option.inherited() && !atTheTop));
    }

    private void argument(ArgSpec argument) {
        String name = argument instanceof OptionSpec option ? option.longestName() : "";
        String label = argument.arity().max() == 0 ? "" : argument.paramLabel();
        String shown = Stream.of(name, label).filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
        String described = Stream.of(argument.description())
                .map(each -> each.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue())))
                .collect(Collectors.joining(" "));
        item("`" + shown + "`" + (described.isEmpty() ? "" : ": " + described));
    }

    private void builder(Class<?> builder) throws IOException {
        Class<?> options = builder.getEnclosingClass() == null ? builder : builder.getEnclosingClass();
        line("### " + options.getSimpleName());
        Map<String, String> described = new LinkedHashMap<>();
        String source = Files.readString(API.resolve(options.getName().replace('.', '/') + ".java"));
        METHOD.matcher(source)
                .results()
                .filter(found -> !found.group(1).equals("toBuilder"))
                .forEach(found -> described.putIfAbsent(
                        found.group(1),
                        plain(source.substring(source.lastIndexOf("/**", found.start()) + 3, found.start()))));
        TreeSet<String> methods = Stream.of(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == builder)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!methods.equals(new TreeSet<>(described.keySet()))) {
            throw new AssertionError("Javadoc of " + described.keySet() + " for the methods " + methods);
        }
        described.forEach((name, what) -> item("`" + name + "`: " + what));
        text.append('\n');
    }

    /** The first paragraph of a Javadoc comment, as Markdown. */
    private static String plain(String javadoc) {
        String first = javadoc.replaceAll("(?m)^\\s*\\* ?", " ").replaceFirst("(?s)(<p>|<ul>|\\s@\\w).*", "");
        Matcher links = LINK.matcher(CODE.matcher(first).replaceAll("`$1`"));
        String linked = links.replaceAll(
                link -> "`" + link.group(1).replaceFirst("^#", "").replace('#', '.') + "`");
        return linked.replaceAll("\\s+", " ").strip();
    }

    private void line(String line) {
        text.append(line).append("\n\n");
    }

    private void paragraph(String paragraph) {
        wrap("", paragraph);
        text.append('\n');
    }

    private void item(String item) {
        wrap("- ", item);
    }

    private void wrap(String start, String words) {
        StringBuilder line = new StringBuilder(start);
        for (String word : words.strip().split("\\s+", -1)) {
            if (line.length() + word.length() > LINE) {
                text.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(" ".repeat(start.length()));
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
