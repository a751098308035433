"""A second universe for generated books: people of many languages, places of a made-up inland.

Names here have accents, two parts or particles, which plain English names never try. What happens
is what happens on the coast (`epbench_coast.py`).
"""

from __future__ import annotations

from typing import Final

SHE: Final = (
    "Amélie Beatriz Chiara Daina Eszter Fátima Giovanna Halina Inês Jadwiga Kavita Ljubica Mei-Lin"
    " Nadezhda Ayşe Priya Renáta Sakura Tatjana Yevgenia"
)
HE: Final = (
    "Anselmo Boris Cesário Dmitri Emeka Farid Gonçalo Haruki Ilya Jean-Luc Kofi Luís Mateus Nikola"
    " Olivér Paweł Rajesh Søren Tomás Władek"
)
LAST: Final = (
    "Almeida Banerjee Castelo Dvořák Eriksen Ferreira Gutiérrez Hernández Ivanova Jørgensen Kovač"
    " Lindqvist Moreau Nakamura Okonkwo Pereira Quispe Ramanujan Silveira Takahashi Urbanová Vieira"
    " Wójcik Yılmaz Zhang Benítez Çelik Fontaine Haddad Sørensen"
)
OTHER_FIRST: Final = (
    "Abena Adrienn Bogdan Bruna Celso Dalia Dorota Elvira Enzo Feliks Graça Gustavo Hilda Hamza"
    " Iker Irina Jovana Kenji Leila Lorenzo Magda Marek Noor Nuno Olga Omar Paola Pedro Quim Rosa"
    " Rui Samir Sofía Tariq Teresa Ugo Vera Viktória Wanjiru Xavier Yuki Zoran Zsófia"
)
OTHER_LAST: Final = (
    "Alves Bianchi Cardoso Diaz Esposito Farkas Greco Horvat Ibrahim Jansen Kaya Lopes Marković"
    " Novák Oliveira Popescu Queiroz Rossi Santos Tóth Ueda Varga Weiss Xu Yamada Zanetti Björk"
    " Cohen Demir Engström Fischer Garcia Hashimoto Ito Jensen Kumar Lehtinen Mendes Nowak Okafor"
)
PLACES: Final = """
Vale Alto: Town Hall, Orange Grove, Bullring
São Bento: Monastery, Railway Station, Kiosk
Karst Hollow: Caverns, Climbing Centre, Inn
Old Tannery: Warehouse, Courtyard, Theatre
Mill Race: Bakery, Footbridge, Swimming Hole
Königsberg Street: Arcade, Archive, Coffee House
Three Rivers: Confluence, Campsite, Conference Centre
Salt Road: Caravanserai, Museum, Market
Blue Mosque Hill: Terrace, Madrasa, Fountain
Marigold: Cinema, Hospital, Roundabout
Cathedral of Ashes: Nave, Crypt, Bell Tower
Upper Meadow: Cheese Cellar, Ski Lift, Chapel
Dragon Gate: Pagoda, Tea House, Night Market
Locomotive Works: Hall, Canteen, Roof
Saffron: Palace, Bathhouse, Terminal
Widow's Leap: Gorge, Viaduct, Guesthouse
Plaza of the Clocks: Arcade, Post Office, Ballroom
Peach Orchard: School, Cemetery, Sanatorium
Granary: Square, Museum, Steps
Little Danube: Lock, Boathouse, Dance Hall
Ministry of Forests: Garden, Library, Stairwell
Red Cliff: Fortress, Cable Car, Observatory
Almond Court: Hotel, Synagogue, Tennis Club
Chimney Sweep: Alley, Tavern, Guild House
Stone Bridge: Tower, Bookshop, Police Station
Lake Ilona: Jetty, Pavilion, Casino
Poplar Avenue: Tram Depot, Ice Rink, Bandstand
Seven Wells: Village Green, Mosque, Winery
Iron Curtain: Watchtower, Customs Post, Museum
Ferenc Hall: Concert Hall, Puppet Theatre, Rehearsal Room
Sunflower: Airfield, Dairy, Sports Ground
Night Ferry: Landing, Waiting Room, Restaurant
Botanists' Row: Greenhouse, Lecture Theatre, Herbarium
Last Stop: Diner
"""
