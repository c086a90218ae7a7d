fn main() {
    lingtai_desk::run();
}
